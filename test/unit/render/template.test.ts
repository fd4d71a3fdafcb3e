import { describe, expect, test } from 'vitest'
import { ModuleSchema } from '../../../src/model/module.ts'
import { checkAttributeUse, checkTemplate } from '../../../src/render/template.ts'

const FIELDS = {
  title: { kind: 'text' },
  count: { kind: 'number' },
  show: { kind: 'flag' },
  link: { kind: 'url' },
  image: { kind: 'image' },
  items: { kind: 'list', fields: { name: { kind: 'text' }, link: { kind: 'url' } } },
} as const

const moduleOf = (template: string) => ModuleSchema.parse({ id: 'm', template, fields: FIELDS })

const codes = (template: string) => [
  ...new Set(checkTemplate(moduleOf(template), { whole: true }).map(({ code }) => code)),
]

describe('a template is good', () => {
  test.each([
    '<section>{{title}}</section>',
    '  <p class="{{title}}">{{count}} of {{signals.city}}</p>',
    '<p title="{{visitor.user.firstName}}">{{profile.events.order.count}}</p>',
    "<a href='{{link}}' title='a \"b\" c'>x</a>",
    '<a href="{{link}}">{{#image}}<img src="{{image}}" alt="">{{/image}}</a>',
    '<ul>{{#items}}<li><a href="{{link}}">{{name}} {{title}}</a></li>{{/items}}</ul>',
    '<p>{{#visitor.returning}}again{{/visitor.returning}}{{^visitor.returning}}first{{/visitor.returning}}</p>',
    '<p title="{{#show}}{{title}}{{/show}}">x</p>',
    '<p>a {{! a remark }} b</p>',
    '<p><!-- a remark > with -- signs --><br><img src="/a.jpg" alt></p>',
    '<svg viewBox="0 0 1 1"><path d="M0 0"/><g><circle r="1" /></g></svg>',
    '<a href="https://example.com/?a=1&amp;b=2">x</a>',
    '<a href="mailto:a@b.example">x</a>',
    '<a href="/a:b">x</a>',
    '<a href="">x</a>',
    '<a href=/plain>x</a>',
    '<img srcset="a.jpg 1x, https://b.example/c.jpg 2x">',
    '<p a=1 b = "2" c>&lt; 1 &amp; 2</p>',
    '<SECTION><Br></SECTION>',
    '<x-card a-b="c"></x-card>',
    '<p>a</p><p>b</p>',
    '<p title="a > b < c">x</p>',
  ])('%s', (template) => expect(checkTemplate(moduleOf(template), { whole: true })).toEqual([]))
})

const SCRIPT = 'unsafe_template'
const FORM = 'invalid_template'

describe('a template is refused', () => {
  test.each([
    ['raw, three braces', '<p>{{{title}}}</p>', [SCRIPT]],
    ['raw, an ampersand', '<p>{{&title}}</p>', [SCRIPT]],
    ['a partial', '<p>{{>title}}</p>', [SCRIPT]],
    ['other delimiters', '<p>{{=<% %>=}}<%title%></p>', [SCRIPT]],
    ['an unclosed tag of mustache', '<p>{{title</p>', [FORM]],
    ['an unclosed section', '<p>{{#show}}</p>', [FORM]],
    ['crossed sections', '<p>{{#show}}{{#count}}{{/show}}{{/count}}</p>', [FORM]],
    ['an unknown variable', '<p>{{titel}}</p>', ['unknown_variable']],
    ['an unknown section', '<p>{{#titel}}x{{/titel}}</p>', ['unknown_variable']],
    ['a field of a list outside of it', '<p>{{name}}</p>', ['unknown_variable']],
    ['the item itself', '<p>{{#items}}{{.}}{{/items}}</p>', ['unknown_variable']],
    ['a path into a field', '<p>{{title.length}}</p>', ['unknown_variable']],
    ['an unknown signal', '<p>{{signals.ip}}</p>', ['unknown_variable']],
    ['a prototype', '<p>{{profile.traits.constructor}}</p>', ['unknown_variable']],
    ['the prototype of content', '<p>{{constructor}}</p>', ['unknown_variable']],
    ['the visitor’s id', '<p>{{visitor.id}}</p>', ['unknown_variable']],
    ['a list as a value', '<p>{{items}}</p>', [FORM]],
  ])('with %s', (_, template, expected) => expect(codes(template)).toEqual(expected))

  test.each([
    ['a script', '<section><script>alert(1)</script></section>'],
    ['a script as root', '<script src="/a.js"></script>'],
    ['a script in capitals', '<p><SCRIPT>x</SCRIPT></p>'],
    ['a script with a slash', '<p><script/src="/a.js"></script></p>'],
    ['a script written around a remark', '<p><scr{{! }}ipt>alert(1)</scr{{! }}ipt></p>'],
    ['a script behind a comment that has ended', '<p><!--><script>x</script>--></p>'],
    ['the same, with a dash', '<p><!---><script>x</script>--></p>'],
    ['a comment ended with a bang', '<p><!-- --!><script>x</script>--></p>'],
    ['a style element', '<p><style>*{display:none}</style></p>'],
    ['a frame', '<p><iframe src="/x"></iframe></p>'],
    ['a base', '<p><base href="/x"></p>'],
    ['a meta', '<p><meta http-equiv="refresh" content="0"></p>'],
    ['a template element', '<p><template>x</template></p>'],
    ['a textarea', '<p><textarea>{{title}}</textarea></p>'],
    ['an animated link', '<a><animate values="javascript:x"></animate></a>'],
    ['a set link', '<a><set attributeName="href" to="x"></set></a>'],
    ['foreign content', '<svg><foreignObject><p>x</p></foreignObject></svg>'],
    ['a handler', '<p onclick="x()">x</p>'],
    ['a handler in capitals', '<p ONCLICK=x()>x</p>'],
    ['a handler right behind a value', '<p title="a"onclick="x()">x</p>'],
    ['a handler with a variable', '<p onclick="{{title}}">x</p>'],
    ['a handler written around a remark', '<p o{{! }}nclick="x()">x</p>'],
    ['a handler written around a section', '<p o{{#show}}{{/show}}nclick="x()">x</p>'],
    ['a handler behind other white space', '<p title=\u00a0" onclick=x() ">x</p>'],
    ['a handler behind a vertical tab', '<p title=\u000b" onclick=x() ">x</p>'],
    ['a style attribute', '<p style="color: {{title}}">x</p>'],
    ['a srcdoc', '<p srcdoc="x">x</p>'],
    ['a variable as a tag', '<p><{{title}}></p>'],
    ['a variable in a tag', '<p {{title}}>x</p>'],
    ['a variable as a name', '<p data-{{title}}="x">x</p>'],
    ['a variable without quotes', '<p class={{title}}>x</p>'],
    ['a variable without quotes, further on', '<p class=a{{title}}>x</p>'],
    ['a variable behind an equals sign', '<p class= {{title}}>x</p>'],
    ['a section in a tag', '<p class="a" {{#show}}class="b"{{/show}}>x</p>'],
    ['a text as a link', '<a href="{{title}}">x</a>'],
    ['something personal as a link', '<a href="{{visitor.user.home}}">x</a>'],
    ['a part of a link', '<a href="/go?to={{link}}">x</a>'],
    ['a link with a tail', '<a href="{{link}}?x">x</a>'],
    ['two variables in a link', '<a href="{{link}}{{title}}">x</a>'],
    ['a section in a link', '<a href="{{#show}}https:{{/show}}javascript:x">x</a>'],
    ['a picture that is a text', '<img src="{{title}}">'],
    ['a form’s address', '<form action="{{title}}"></form>'],
    ['an svg link', '<svg><use xlink:href="{{title}}"/></svg>'],
    ['script as a link', '<a href="javascript:alert(1)">x</a>'],
    ['script as a link without quotes', '<a href=javascript:alert(1)>x</a>'],
    ['script in capitals', '<a href="JavaScript:alert(1)">x</a>'],
    ['script behind a space', '<a href=" javascript:alert(1)">x</a>'],
    ['script with a line break', '<a href="java\nscript:alert(1)">x</a>'],
    ['script in references', '<a href="java&#115;cript:alert(1)">x</a>'],
    ['script with a named colon', '<a href="javascript&colon;alert(1)">x</a>'],
    ['script of a button', '<button formaction="javascript:alert(1)">x</button>'],
    ['script of an svg link', '<svg><a xlink:href="javascript:alert(1)">x</a></svg>'],
    ['data as a link', '<a href="data:text/html,x">x</a>'],
    [
      'another quote behind a section',
      `<a title="{{#show}}" title='{{/show}}" href="{{title}}" '>x</a>`,
    ],
  ])('with %s', (_, template) => expect(codes(template)).not.toEqual([]))

  test.each([
    ['an element left open', '<section><p>{{title}}</section>'],
    ['a root left open', '<section>'],
    ['an end too many', '<p></p></p>'],
    ['ends crossed', '<b><i></b></i>'],
    ['a section that opens an element', '<p>{{#show}}<b>{{/show}}x</b></p>'],
    ['a section that closes one', '<p><b>{{#show}}</b>{{/show}}</p>'],
    ['an element that does not close itself', '<div/>'],
    ['a stray less-than', '<p>1 < 2</p>'],
    ['a comment left open', '<p><!-- x</p>'],
    ['a variable in a comment', '<p><!-- {{title}} --></p>'],
    ['a doctype', '<!doctype html><p></p>'],
    ['a malformed tag', '<p ="x">y</p>'],
    ['a quote left open', '<p title="x>y</p>'],
    ['a text before the root', 'Hello <b>you</b>'],
    ['a variable before the root', '{{title}}<b>x</b>'],
    ['a section before the root', '{{#show}}<b>x</b>{{/show}}'],
    ['no element at all', '{{title}}'],
    ['another white space before the root', '\u00a0<p>x</p>'],
  ])('with %s', (_, template) => expect(codes(template)).toContain(FORM))
})

describe('a template for an attribute', () => {
  const found = (template: string, attribute: string) => {
    const module = moduleOf(template)
    return [
      ...checkTemplate(module, { whole: false }),
      ...checkAttributeUse(module, attribute),
    ].map(({ code }) => code)
  }

  test.each([
    ['{{title}}', 'title', []],
    ['Hello {{visitor.user.firstName}}, {{#show}}again{{/show}}', 'aria-label', []],
    ['{{link}}', 'href', []],
    [' {{image}}\n', 'src', []],
    ['{{title}}', 'href', [SCRIPT]],
    ['{{link}}?x', 'href', [SCRIPT]],
    ['https://example.com', 'href', [SCRIPT]],
    ['{{#show}}{{link}}{{/show}}', 'href', [SCRIPT]],
    ['{{titel}}', 'title', ['unknown_variable']],
    ['{{#show}}{{titel}}{{/show}}', 'title', ['unknown_variable']],
    ['{{{title}}}', 'title', [SCRIPT]],
  ])('%s for %s', (template, attribute, expected) => {
    expect(found(template, attribute)).toEqual(expected)
  })
})
