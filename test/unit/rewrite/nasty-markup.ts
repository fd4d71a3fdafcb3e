import fc from 'fast-check'

/** Names by what parsers do with them; each group makes trouble with its own kind. */
const GROUPS: readonly (readonly string[])[] = [
  'div p span a li ul table tr td b br img input select option template script style title svg g math mi annotation-xml font h1 my-el hr button textarea noscript iframe xmp noembed noframes'.split(
    ' ',
  ),
  'svg math desc title foreignObject mi mtext annotation-xml font p div g style script br b select'.split(
    ' ',
  ),
  'select option optgroup template script textarea input keygen div style svg frameset noframes'.split(
    ' ',
  ),
  ['script', 'title', 'b', 'div', 'plaintext'],
]

const SPACES = [' ', '\n', '\t', '\f', '\r', '  ']
const VALUES = 'x|a b|>|<b>|</div>|<select>|it’s|</script>|-->|text/html|a/b|=|'.split('|')
const ATTRIBUTES = 'class x data-y color encoding size = " \' a"b <'.split(' ')
const TEXTS =
  'x|a > b|"|\'|&amp;|=|/|]]>|--|-->|é|<|< |<3|<>|</>|<=|\0|!|script|-|]|--!>|</ x>|<?x>|<!x>'.split(
    '|',
  )
const OTHERS = [
  ...[
    '<!-->',
    '<!--->',
    '<!--x-->',
    '<!--x--!>',
    '<!--x',
    '<!-x>',
    '<!--<!--x-->-->',
    '<!--x<!-->',
  ],
  ...['<!-- - -- ->-->', '<!doctype html>', `<!DOCTYPE html PUBLIC "x>y" 'z'>`, '<![CDAT[x>'],
  ...['<![CDATA[x]]>', '<![CDATA[ <b> ]]]>', '<![CDATA[ ]]x]> </g>'],
  ...['<script>', '<script><!--', '<script><!-- <script>', '<script><!--<script ', '<script><!---'],
  ...[
    '<script><!--><script>',
    '<script><!--<scriptx>',
    '<!--<script/',
    '<!--',
    '-->',
    '</script/x>',
  ],
  ...['</script ', '</scrip', '</script></script>', '</title/>', '</title x>', '</titlex>'],
  ...['</textare></textarea>', '<style>', '</style\n>', '<select><option value=">">1</select>'],
]

const one = <T>(list: readonly T[]) => fc.constantFrom(...list)

const attribute = fc
  .tuple(one(SPACES), one(ATTRIBUTES), one(VALUES), fc.integer({ min: 0, max: 7 }))
  .map(([space, name, value, form]) => {
    const quoted = `"${value.replaceAll('"', '')}"`
    const bare = value.replace(/[\s>"']/g, '')
    const forms = [`${name}=${quoted}`, `${name}='${value}'`, `${name}=${bare}`, name]
    const others = [`${name}${space}=${space}${quoted}`, `${name}=`, '/', `${name}="${value}`]
    return space + ([...forms, ...others][form] ?? '')
  })

const cased = (name: fc.Arbitrary<string>) =>
  fc.tuple(name, fc.integer({ min: 0, max: 9 })).map(([text, form]) => {
    if (form === 0) return text.toUpperCase()
    return form === 1 ? text.charAt(0).toUpperCase() + text.slice(1) : text
  })

/** Start tags carry `#`, in whose place the document puts a number. */
const startTag = (name: fc.Arbitrary<string>) =>
  fc
    .tuple(
      cased(name),
      one(SPACES),
      fc.array(attribute, { maxLength: 2 }),
      one(['>', '>', '>', '>', ' >', '/>', ' />', '\n>', '']),
    )
    .map(([tag, space, attributes, end]) => `<${tag}${space}id="#"${attributes.join('')}${end}`)

const endTag = (name: fc.Arbitrary<string>) =>
  fc
    .tuple(
      cased(name),
      one(['', '', '', '', ' ', '/', ' x="y>z"', '\n', 'x', '<']),
      one(['>', '>', '>', '>', '']),
    )
    .map(([tag, rest, end]) => `</${tag}${rest}${end}`)

const element = (name: fc.Arbitrary<string>) =>
  fc
    .tuple(cased(name), fc.array(attribute, { maxLength: 1 }), one(TEXTS))
    .map(([tag, attributes, text]) => `<${tag} id="#"${attributes.join('')}>${text}</${tag}>`)

const document = (names: readonly string[]) => {
  const name = one(names)
  const part = fc.oneof(
    { arbitrary: startTag(name), weight: 8 },
    { arbitrary: endTag(name), weight: 6 },
    { arbitrary: element(name), weight: 3 },
    { arbitrary: endTag(one(['p', 'br'])), weight: 1 },
    { arbitrary: one(TEXTS), weight: 3 },
    { arbitrary: one(OTHERS), weight: 3 },
    // Attributes on which it depends whether HTML stands in SVG or MathML.
    {
      arbitrary: one(['<font id="#" COLOR=x>', '<annotation-xml id="#" encoding="text/html">']),
      weight: 1,
    },
  )
  return fc.array(part, { minLength: 1, maxLength: 24 }).map(numbered)
}

function numbered(parts: readonly string[]): string {
  return parts.map((part, n) => part.replace('id="#"', `id="e${n}"`)).join('')
}

/** Documents that keep to hardly any rule, yet are made of what parsers take for markup. */
export const nastyMarkup: fc.Arbitrary<string> = fc.oneof(...GROUPS.map(document))

/** Where to cut something into pieces: as many bytes as each gives, over and over. */
export const cuts: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.constant([Number.POSITIVE_INFINITY]),
  fc.array(fc.integer({ min: 1, max: 24 }), { minLength: 1, maxLength: 8 }),
)

/** Bytes in pieces of the given lengths. */
export function pieces(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const cut: Uint8Array[] = []
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const length = lengths[n % lengths.length] ?? 1
    cut.push(bytes.slice(at, at + length))
    at += length
  }
  return cut
}
