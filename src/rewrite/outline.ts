import type { Outline, Place } from '../model/skeleton.ts'
import type { Slot } from '../model/slot.ts'
import { allowedScript, watchPolicies } from './csp.ts'
import { isVoid } from './elements.ts'
import { createGuard, type Guard } from './guard.ts'
import { watchHydration } from './hydration.ts'
import { createLookout } from './lookout.ts'
import { setAttributes, UNTOUCHABLE } from './operations.ts'

/** Why a page cannot be put together from pieces, though it can be rewritten as it streams. */
export type Unkeepable = 'slots_overlap' | 'not_parsed' | 'tag_not_ascii'

/** Points of an element at which something may be inserted, in document order. */
const POINTS = ['before', 'start', 'end', 'after'] as const
type Point = (typeof POINTS)[number]

/**
 * Reads a whole page with the real parser, once, and notes where its slots are: the parser puts a mark
 * wherever something may be inserted, and the marks are looked up in what comes out. Rejects for a
 * charset that the parser does not know.
 */
export async function outline(
  bytes: Uint8Array,
  headers: Headers,
  slots: readonly Slot[],
): Promise<Outline | Unkeepable> {
  const marker = createMarker()
  const guard = createGuard(streamOf(bytes))
  const rewriter = new HTMLRewriter()
  guard.attach(rewriter)
  const lookout = createLookout(watchHydration(rewriter))
  const policies = watchPolicies(rewriter, headers)
  slots.forEach((slot, index) => {
    rewriter.on(slot.selector, {
      async element(element) {
        if (guard.isOwn(element) || lookout.sight(slot) > 1) return
        await markPoints(element, guard, (point) => marker.comment(index, point))
      },
    })
  })
  const marked = await rewriter.transform(new Response(guard.body, { headers })).arrayBuffer()
  if (guard.stop !== undefined) return 'not_parsed'
  const found = placesIn(latin1(marked), marker, slots)
  if (!found) return 'slots_overlap'
  const places = await Promise.all(found.map((place) => withTag(place, slots, bytes, headers)))
  if (places.some(({ tag }) => tag?.some((text) => !ASCII.test(text)))) return 'tag_not_ascii'
  return {
    places,
    sightings: Object.fromEntries(lookout.sightings(slots)),
    script: allowedScript(policies),
    takesMarkup: guard.takesMarkup(),
  }
}

async function markPoints(
  element: Element,
  guard: Guard,
  comment: (point: Point) => string,
): Promise<void> {
  const name = element.tagName.toLowerCase()
  if (UNTOUCHABLE.has(name)) return
  const closes = await guard.closes(element, false)
  const put = (point: Point) => [comment(point), { html: true }] as const
  element.before(...put('before'))
  if (!isVoid(name)) element.prepend(...put('start'))
  if (closes && !isVoid(name)) element.append(...put('end'))
  if (closes) element.after(...put('after'))
}

/** Comments that no page has, as nobody can foresee them. */
interface Marker {
  comment(slot: number, point: Point): string
  readonly pattern: RegExp
}

function createMarker(): Marker {
  const word = crypto.randomUUID()
  return {
    comment: (slot, point) => `<!--${word} ${slot} ${point}-->`,
    pattern: new RegExp(`<!--${word} (\\d+) (${POINTS.join('|')})-->`, 'g'),
  }
}

/** Where each slot is in the page without marks; nothing where slots lie inside one another. */
function placesIn(
  marked: string,
  { pattern }: Marker,
  slots: readonly Slot[],
): Place[] | undefined {
  const bySlot = new Map<string, Record<Point, number>>()
  let current = ''
  let removed = 0
  for (const { index, 0: text, 1: number, 2: point } of marked.matchAll(pattern)) {
    const slot = slots[Number(number)]?.id ?? ''
    if (slot !== current && bySlot.has(slot)) return undefined
    current = slot
    bySlot.set(slot, { ...bySlot.get(slot), [point ?? '']: index - removed } as Record<
      Point,
      number
    >)
    removed += text.length
  }
  return [...bySlot].map(([slot, points]) => ({ slot, ...points }))
}

/** The place with its start tag as the parser writes it with the attribute, where that is asked for. */
async function withTag(
  place: Place,
  slots: readonly Slot[],
  bytes: Uint8Array,
  headers: Headers,
): Promise<Place> {
  const slot = slots.find(({ id, operation }) => id === place.slot && operation === 'set-attribute')
  const end = place.start ?? place.after
  if (!slot || end === undefined) return place
  const value = crypto.randomUUID()
  let isSet = false
  const rewriter = new HTMLRewriter().on(slot.selector, {
    element(element) {
      if (!isSet) setAttributes(element, slot, value)
      isSet = true
    },
  })
  const changed = latin1(await rewriter.transform(new Response(bytes, { headers })).arrayBuffer())
  const tag = changed.slice(place.before, changed.length - (bytes.length - end))
  const [before = '', after = ''] = tag.split(value)
  return { ...place, tag: [before, after] }
}

/** Its bytes are the same in every charset. */
const ASCII = /^[\0-\x7f]*$/

/** A character a byte. */
function latin1(bytes: ArrayBuffer): string {
  let text = ''
  const all = new Uint8Array(bytes)
  for (let at = 0; at < all.length; at += CHUNK) {
    text += String.fromCharCode(...all.subarray(at, at + CHUNK))
  }
  return text
}

/** As many arguments as a call may surely have. */
const CHUNK = 8192

/** In pieces, as a page comes: what is held of it at a time stays small. */
function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(at, at + PIECE))
      at += PIECE
    },
  })
}

const PIECE = 64 * 1024
