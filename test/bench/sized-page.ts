import type { Answer } from './ask.ts'
import { isKept } from './filled-page.ts'
import { cards } from './page.ts'

/** A page of so many kilobytes with so many slots: as long as can be, where one thing is varied. */
export interface Size {
  readonly kilobytes: number
  readonly slots: number
}

/** How the origin gives a page: to be asked for each time, to be kept, or in two halves. */
export const MANNERS = ['streamed', 'kept', 'halves'] as const
export type Manner = (typeof MANNERS)[number]

/** Where the origin has such a page. */
export function pathTo(manner: Manner, { kilobytes, slots }: Size): `/${string}` {
  return `/${manner}/${kilobytes}kB/${slots}`
}

/** What `pathTo` said. */
export function readPath(path: string): ({ manner: Manner } & Size) | undefined {
  const [, word, kilobytes, slots] = /^\/(\w+)\/(\d+)kB\/(\d+)$/.exec(path) ?? []
  const manner = MANNERS.find((known) => known === word)
  return manner && { manner, kilobytes: Number(kilobytes), slots: Number(slots) }
}

/** Different ones; longer pages have them several times. */
const CARDS = cards(24)
const HEAD =
  '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Shop</title></head>\n<body><main>\n'
const TAIL = '\n</main></body></html>\n'

/** About as long as its fill, so that filling does not change how long a page is. */
const slot = (n: number) =>
  `<section id="s${n}" class="slot"><p class="offer">Place ${n}: free delivery</p></section>\n`

/** What stands in slot n when it is filled. */
export const markOf = (n: number): string => `Filled ${n}: free delivery.`

/** A page of cards with the slots `s0`, `s1` … spread evenly among them, filled up to its size. */
export function sizedPage({ kilobytes, slots }: Size): string {
  const parts = Array.from({ length: slots }, (_, n) => slot(n))
  let missing = kilobytes * 1000 - bytesOf([HEAD, TAIL, ...parts].join('')) - '<p></p>'.length
  const own: string[] = []
  for (let n = 0; ; n++) {
    const card = CARDS[n % CARDS.length] ?? ''
    if (bytesOf(card) > missing) break
    own.push(card)
    missing -= bytesOf(card)
  }
  const spread = own.map((card, n) => slotsBefore(n, own.length, parts).join('') + card)
  const end = slotsBefore(own.length, own.length, parts).join('')
  return `${HEAD}${spread.join('')}${end}<p>${'.'.repeat(Math.max(0, missing))}</p>${TAIL}`
}

/** The slots that come between the card before the nth and the nth, of so many. */
function slotsBefore(n: number, cards: number, slots: readonly string[]): readonly string[] {
  const upTo = (card: number) => Math.floor((card * slots.length) / (cards + 1))
  return slots.slice(upTo(n), upTo(n + 1))
}

const bytesOf = (text: string) => Buffer.byteLength(text)

/** An answer has room for marks, tokens and a beacon beside the page: so many bytes, and for each slot. */
const ROOM = 3000
const ROOM_FOR_SLOT = 400

/** Everything that is wrong with an answer that ought to be the page of this path, all slots filled. */
export function faultsOfSized(path: string, answer: Answer): string[] {
  const size = readPath(path)
  if (!size) return ['not a path to a page of some size']
  const { manner, kilobytes, slots } = size
  const html = answer.body.toString('utf8')
  const faults: string[] = []
  if (answer.status !== 200) faults.push(`status ${answer.status}`)
  const added = answer.body.length - kilobytes * 1000
  if (added < 0 || added > ROOM + slots * ROOM_FOR_SLOT) faults.push(`${added} bytes more`)
  if (!html.includes(TAIL.trim())) faults.push('no end')
  if (isKept(answer) !== (manner === 'kept')) faults.push(isKept(answer) ? 'kept' : 'not kept')
  for (let n = 0; n < slots; n++) {
    const place = html.split(`<section id="s${n}" `)[1]?.split('</section>')[0]
    if (!place?.includes(markOf(n))) faults.push(`no fill in #s${n}`)
  }
  return faults
}
