import type { Fragment } from '../model/fragment.ts'
import type { Outline, Place, Skeleton } from '../model/skeleton.ts'
import type { Operation } from '../model/slot.ts'
import type { Sighting } from '../model/slot-health.ts'
import { personalResponse } from './headers.ts'
import { isIdle, leave, type Plan, type Report, type Rewritten } from './plan.ts'

/** What an operation takes out of a page, as a stretch of its bytes; it may be empty. */
type Stretch = readonly [from: number | undefined, to: number | undefined]

const STRETCHES: Readonly<Record<Operation, (place: Place) => Stretch>> = {
  replace: ({ before, after }) => [before, after],
  inner: ({ start, end }) => [start, end],
  remove: ({ before, after }) => [before, after],
  prepend: ({ start }) => [start, start],
  append: ({ end }) => [end, end],
  before: ({ before }) => [before, before],
  after: ({ after }) => [after, after],
  'set-attribute': ({ before, start, after, tag }) => [tag && before, start ?? after],
}

/**
 * The page for one visitor, put together from the bytes between its slots and this visitor's fragments:
 * the same page, byte for byte, as `rewrite` makes of it.
 */
export function splice(skeleton: Skeleton, plan: Plan, report: Report): Rewritten {
  const { bytes, headers, outline } = skeleton
  if (isIdle(plan)) return leave(new Response(bytes, { headers }), plan)
  const cuts = toCuts(plan.fragments, outline.places)
  const script = outline.takesMarkup ? plan.atEnd?.(outline.script) : undefined
  const response = personalResponse(join(bytes, cuts, script ?? ''), headers, plan)
  report(sightingsOf(outline, plan, new Set(cuts.map(({ slot }) => slot))))
  return { kind: 'rewritten', response }
}

/** A stretch of the page that goes, and the ASCII text that comes in its place. */
interface Cut {
  readonly slot: string
  readonly from: number
  readonly to: number
  readonly text: string
}

/** In document order, as the places are. A slot that is not there, or not fit, is left out. */
function toCuts(fragments: readonly Fragment[], places: readonly Place[]): Cut[] {
  const bySlot = new Map(fragments.map((fragment) => [fragment.slot.id, fragment]))
  return places.flatMap((place) => {
    const fragment = bySlot.get(place.slot)
    if (!fragment) return []
    const { operation } = fragment.slot
    const [from, to] = STRETCHES[operation](place)
    if (from === undefined || to === undefined) return []
    return [{ slot: place.slot, from, to, text: textFor(fragment, place) }]
  })
}

function textFor({ slot: { operation }, html }: Fragment, { tag }: Place): string {
  if (operation === 'remove') return ''
  return operation === 'set-attribute' && tag ? tag[0] + html + tag[1] : html
}

const encoder = new TextEncoder()

/** Fragments are ASCII, and so is the beacon: characters are bytes, in every charset of a page. */
function join(bytes: Uint8Array, cuts: readonly Cut[], end: string): Uint8Array {
  const added = cuts.reduce((sum, { from, to, text }) => sum + text.length - (to - from), 0)
  const page = new Uint8Array(bytes.length + added + end.length)
  let read = 0
  let written = 0
  for (const { from, to, text } of cuts) {
    page.set(bytes.subarray(read, from), written)
    written += from - read
    encoder.encodeInto(text, page.subarray(written))
    written += text.length
    read = to
  }
  page.set(bytes.subarray(read), written)
  encoder.encodeInto(end, page.subarray(written + bytes.length - read))
  return page
}

/** A slot that should have been filled and could not be counts as not found. */
function sightingsOf(
  { sightings }: Outline,
  { fragments, watched }: Plan,
  filled: ReadonlySet<string>,
): ReadonlyMap<string, Sighting> {
  const missing = { matches: 0 }
  const seen = watched.map(({ id }): [string, Sighting] => [id, sightings[id] ?? missing])
  return new Map([
    ...seen,
    ...fragments.map(({ slot: { id } }): [string, Sighting] => [
      id,
      (filled.has(id) ? sightings[id] : undefined) ?? missing,
    ]),
  ])
}
