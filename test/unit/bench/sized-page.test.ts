import { expect, test } from 'vitest'
import { faultsOfSized, markOf, pathTo, readPath, sizedPage } from '../../bench/sized-page.ts'

const SIZES = [
  { kilobytes: 10, slots: 3 },
  { kilobytes: 80, slots: 1 },
  { kilobytes: 80, slots: 50 },
  { kilobytes: 1000, slots: 3 },
]

test('a path says what the page is', () => {
  expect(readPath(pathTo('kept', { kilobytes: 80, slots: 50 }))).toEqual({
    manner: 'kept',
    kilobytes: 80,
    slots: 50,
  })
  expect(readPath('/lost/80kB/50')).toBeUndefined()
})

test.each(SIZES)('a page of $kilobytes kB has $slots slots and no byte more or less', (size) => {
  const html = sizedPage(size)
  expect(new TextEncoder().encode(html).length).toBe(size.kilobytes * 1000)
  const ids = [...html.matchAll(/<section id="s(\d+)"/g)].map(([, id]) => Number(id))
  expect(ids).toEqual(Array.from({ length: size.slots }, (_, n) => n))
})

const PATH = pathTo('kept', { kilobytes: 80, slots: 3 })

/** The page as it should be answered: each slot filled, and said to be kept. */
const answerOf = (html: string, timing = 'sv-page;desc="kept"') => ({
  status: 200,
  headers: { 'server-timing': timing },
  body: Buffer.from(html),
})

const filled = sizedPage({ kilobytes: 80, slots: 3 }).replaceAll(
  /<p class="offer">Place (\d+): free delivery<\/p>/g,
  (_, n) => `<p class="offer" data-sv="s${n}">${markOf(Number(n))}</p>`,
)

test('an answer with every slot filled has no fault', () => {
  expect(faultsOfSized(PATH, answerOf(filled))).toEqual([])
})

test('an answer with a slot left alone, cut off, or made in another way is wrong', () => {
  const leftAlone = filled.replace(markOf(1), 'Place 1: free delivery')
  expect(faultsOfSized(PATH, answerOf(leftAlone))).toEqual(['no fill in #s1'])
  const cutOff = filled.slice(0, 70_000)
  expect(faultsOfSized(PATH, answerOf(cutOff))).toContain('no end')
  expect(faultsOfSized(PATH, answerOf(filled, 'sv;desc="personal"'))).toEqual(['not kept'])
})
