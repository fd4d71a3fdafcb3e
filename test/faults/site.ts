import type { Operation } from '../../src/model/slot.ts'
import type { SlotElement } from './page.ts'

/** An element of a page that a slot names, in the three parts that operations tell apart. */
interface Element {
  readonly open: string
  readonly content: string
  readonly close: string
}

interface TestedSlot {
  readonly id: string
  readonly selector: string
  readonly operation: Operation
  readonly attribute?: string
  readonly element: Element
  /** What the configuration below may put here, by the number of the decision. */
  readonly html: readonly string[]
}

/** Decisions of the slot `who`, which tells visitors apart. */
export const WHO = { guest: 0, buyer: 1, member: 2 } as const
export type Who = keyof typeof WHO

/** Somebody whose name needs escaping and is not ASCII. */
export const MEMBER_NAME = 'Åsa <b>&'

const note = (slot: string, text: string) => `<p data-sv="${slot}" class="note">${text}</p>`
const offer = (rank: number, text: string) =>
  `<li data-sv="${rank === 0 ? 'list' : `list.${rank}`}">${text}</li>`

const OFFERS = ['Tent', 'Stove', 'Mat'] as const

/** Every ordered pair of different offers. */
const PAIRS = OFFERS.flatMap((first) =>
  OFFERS.filter((second) => second !== first).map((second) => offer(0, first) + offer(1, second)),
)

/** One slot for each operation, and three whose fragment depends on who asks or on chance. */
export const SLOTS: readonly TestedSlot[] = [
  {
    id: 'who',
    selector: '#who',
    operation: 'inner',
    element: { open: '<div id="who">', content: 'Welcome <i>all</i>', close: '</div>' },
    html: [
      note('who', 'Gr&#252;&#223;e'),
      note('who', 'Thanks for your 1 order'),
      note('who', 'Hej &#197;sa &lt;b&gt;&amp;'),
    ],
  },
  {
    id: 'list',
    selector: 'ul.offers',
    operation: 'inner',
    element: { open: '<ul class="offers">', content: '<li>None today</li>', close: '</ul>' },
    html: PAIRS,
  },
  {
    id: 'tip',
    selector: '#tip',
    operation: 'replace',
    element: { open: '<aside id="tip">', content: '<p>Rest</p>', close: '</aside>' },
    html: [note('tip', 'Wax it'), note('tip', 'Air it')],
  },
  {
    id: 'top',
    selector: '#top',
    operation: 'prepend',
    element: { open: '<header id="top">', content: '<a href="/">Home</a>', close: '</header>' },
    html: [note('top', 'First')],
  },
  {
    id: 'end',
    selector: '#end',
    operation: 'append',
    element: { open: '<section id="end">', content: 'So far', close: '</section>' },
    html: [note('end', 'Last')],
  },
  {
    id: 'ahead',
    selector: '[data-place="ahead"]',
    operation: 'before',
    element: { open: '<p data-place="ahead">', content: 'One', close: '</p>' },
    html: [note('ahead', 'Ahead')],
  },
  {
    id: 'behind',
    selector: 'main > h2',
    operation: 'after',
    element: { open: '<h2>', content: 'Two', close: '</h2>' },
    html: [note('behind', 'Behind')],
  },
  {
    id: 'gone',
    selector: '.gone',
    operation: 'remove',
    element: { open: '<div class="gone">', content: '<b>Old</b> news', close: '</div>' },
    html: [''],
  },
  {
    id: 'link',
    selector: 'a#link',
    operation: 'set-attribute',
    attribute: 'href',
    element: { open: '<a id="link" href="/old">', content: 'Go', close: '</a>' },
    html: ['/new'],
  },
]

/** What operations make of an element, written down apart from the product's own table of them. */
const DONE: Readonly<Record<Operation, (element: Element, html: string, id: string) => string>> = {
  inner: ({ open, close }, html) => open + html + close,
  replace: (_, html) => html,
  prepend: ({ open, content, close }, html) => open + html + content + close,
  append: ({ open, content, close }, html) => open + content + html + close,
  before: ({ open, content, close }, html) => html + open + content + close,
  after: ({ open, content, close }, html) => open + content + close + html,
  remove: () => '',
  'set-attribute': ({ open, content, close }, html, id) =>
    `${open.replace(/href="[^"]*">$/, `href="${html}" data-sv="${id}">`)}${content}${close}`,
}

/** A slot's element as it stands on test pages. */
export function elementOf({ id, operation, element, html }: TestedSlot): SlotElement {
  const { open, content, close } = element
  return {
    slot: id,
    original: open + content + close,
    filled: html.map((text) => DONE[operation](element, text, id)),
  }
}

/** Slots by id, ready to be put on a page. */
export const ELEMENTS: ReadonlyMap<string, SlotElement> = new Map(
  SLOTS.map((slot) => [slot.id, elementOf(slot)]),
)

interface SiteOptions {
  readonly id: string
  readonly hosts: readonly string[]
  readonly origin: string
  /** Where the issuer of visitors' tokens publishes its keys. */
  readonly jwks: string
}

export const ISSUER = 'https://issuer.example'
export const AUDIENCE = 'faults'

/** A configuration whose decisions all are among those written down above. */
export function configurationOf({ id, hosts, origin, jwks }: SiteOptions): unknown {
  return {
    site: {
      id,
      name: id,
      hosts,
      origin,
      holdout: 0,
      consent: { default: 0, cookie: { name: 'consent', tiers: { profile: 2, measure: 1 } } },
      jwt: {
        from: { kind: 'cookie', name: 'session' },
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithm: 'ES256',
        keys: { kind: 'remote', url: jwks },
        claims: { name: 'name' },
      },
    },
    slots: [
      ...SLOTS.map(({ id, selector, operation, attribute }) => {
        return { id, selector, operation, attribute, pages: ['/p/*'] }
      }),
      ...SPECIAL_SLOTS,
    ],
    modules: MODULES,
    variants: VARIANTS,
    audiences: [
      { id: 'members', condition: { 'visitor.signedIn': true } },
      { id: 'buyers', condition: { 'profile.events.bought.count': { $gte: 1 } } },
    ],
    goals: [{ id: 'bought', kind: 'event', event: 'bought' }],
    experiences: EXPERIENCES,
  }
}

/** Slots that no site should have, each on pages of its own. */
const SPECIAL_SLOTS = [
  { id: 'sri', selector: '#sri', operation: 'set-attribute', attribute: 'src', pages: ['/sri/*'] },
  { id: 'every', selector: '.every', operation: 'inner', pages: ['/every/*'] },
]

const text = { kind: 'text' }

const MODULES = [
  { id: 'note', template: '<p class="note">{{text}}</p>', fields: { text } },
  { id: 'member', template: '<p class="note">Hej {{visitor.user.name}}</p>' },
  {
    id: 'buyer',
    template: '<p class="note">Thanks for your {{profile.events.bought.count}} order</p>',
  },
  { id: 'offer', template: '<li>{{text}}</li>', fields: { text } },
  { id: 'nothing', template: '<span hidden></span>' },
  { id: 'href', template: '{{href}}', fields: { href: { kind: 'url' } } },
]

const noteOf = (id: string, says: string) => ({ id, module: 'note', content: { text: says } })

const VARIANTS = [
  noteOf('guest', 'Grüße'),
  { id: 'member', module: 'member' },
  { id: 'buyer', module: 'buyer' },
  ...OFFERS.map((name) => ({
    id: `offer-${name.toLowerCase()}`,
    module: 'offer',
    content: { text: name },
    offer: { value: 1 },
  })),
  noteOf('wax', 'Wax it'),
  noteOf('air', 'Air it'),
  noteOf('first', 'First'),
  noteOf('last', 'Last'),
  noteOf('ahead', 'Ahead'),
  noteOf('behind', 'Behind'),
  { id: 'nothing', module: 'nothing' },
  { id: 'new', module: 'href', content: { href: '/new' } },
]

const rule = (slot: string, variant: string) => ({
  id: `${slot}-${variant}`,
  slot,
  variants: [{ variant }],
})

const EXPERIENCES = [
  { ...rule('who', 'member'), audience: 'members', priority: 20 },
  { ...rule('who', 'buyer'), audience: 'buyers', priority: 10 },
  rule('who', 'guest'),
  {
    id: 'list',
    slot: 'list',
    variants: OFFERS.map((name) => ({ variant: `offer-${name.toLowerCase()}` })),
    allocation: { kind: 'ranked', show: 2 },
    goal: 'bought',
  },
  {
    id: 'tip',
    slot: 'tip',
    variants: [{ variant: 'wax' }, { variant: 'air' }],
    allocation: { kind: 'bandit' },
    goal: 'bought',
  },
  rule('top', 'first'),
  rule('end', 'last'),
  rule('ahead', 'ahead'),
  rule('behind', 'behind'),
  rule('gone', 'nothing'),
  rule('link', 'new'),
  rule('sri', 'new'),
  rule('every', 'guest'),
]
