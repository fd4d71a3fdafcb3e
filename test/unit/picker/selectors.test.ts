import { expect, test } from 'vitest'
import { type PickedElement, selectorsFor } from '../../../templates/picker/selectors.ts'

const element = (tag: string, more: Partial<PickedElement> = {}): PickedElement => ({
  ...{ tag, id: '', classes: [], attributes: {}, nth: 1 },
  ...more,
})
/** A page on which these selectors find that many elements, and all others one. */
const page =
  (counts: Readonly<Record<string, number>> = {}) =>
  (selector: string) =>
    counts[selector] ?? 1

test.each<[string, readonly PickedElement[], Readonly<Record<string, number>>, readonly string[]]>([
  ['an id', [element('div', { id: 'hero' })], {}, ['#hero']],
  [
    'what authors name it by, then a class',
    [element('section', { attributes: { 'data-slot': 'top' }, classes: ['teaser'] })],
    {},
    ['section[data-slot="top"]', 'section.teaser'],
  ],
  [
    'nothing that a build made up',
    [element('div', { id: 'r-48213', classes: ['css-1x2y3z', 'Hero_root__a1B2c', 'hero'] })],
    {},
    ['div.hero'],
  ],
  [
    'nothing that passes',
    [element('li', { classes: ['is-open', 'active', 'item'] })],
    {},
    ['li.item'],
  ],
  [
    'nothing that would need escaping',
    [element('div', { id: '1a', classes: ['w/2', 'a:b'] })],
    {},
    [],
  ],
  ['a landmark', [element('main')], {}, ['main']],
  [
    'only what finds it alone',
    [element('div', { id: 'twice', classes: ['card', 'wide'] })],
    { '#twice': 2, 'div.card': 9, 'div.wide': 3 },
    ['div.card.wide'],
  ],
  [
    'a way from what it stands in',
    [
      element('p', { nth: 2 }),
      element('div', { classes: ['box'] }),
      element('section', { id: 'shop' }),
    ],
    { 'div.box': 4 },
    ['#shop > div.box > p:nth-of-type(2)'],
  ],
  [
    'the nearest that has a name first',
    [element('a', { nth: 3 }), element('nav'), element('header', { id: 'top' })],
    {},
    ['nav > a:nth-of-type(3)', '#top > nav:nth-of-type(1) > a:nth-of-type(3)'],
  ],
  ['nothing for nothing', [], {}, []],
])('an element is named by %s', (_, line, counts, expected) => {
  expect(selectorsFor(line, page(counts))).toEqual(expected)
})

test('what cannot stand in quotes is no name', () => {
  const hostile = element('div', { attributes: { 'aria-label': 'x"] *', 'data-slot': 'a\\' } })
  expect(selectorsFor([hostile], page())).toEqual([])
})

test('there are five at most', () => {
  const classes = [...Array(20)].map((_, place) => `name${String.fromCharCode(97 + place)}`)
  expect(selectorsFor([element('div', { classes })], page())).toHaveLength(5)
})
