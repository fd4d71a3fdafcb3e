import type { Bundle, Segment } from '../model/bundle.ts'
import type { Decision } from '../model/decision.ts'
import type { Fragment } from '../model/fragment.ts'
import type { Slot } from '../model/slot.ts'
import { type Readable, type Subject, valueAt } from '../model/subject.ts'
import { escapeHtml, toAscii } from './escape.ts'
import { isEmpty, MARK_PATH, toText } from './fill.ts'

/** A decision whose fragment could not be made; its slot keeps the origin's content. */
export interface RenderFault {
  readonly slot: string
  readonly detail: string
}

/** Decisions become fragments; one that fails takes only its own slot with it. */
export function render(
  decisions: readonly Decision[],
  subject: Subject,
  bundle: Bundle,
): { fragments: Fragment[]; faults: RenderFault[] } {
  const fragments: Fragment[] = []
  const faults: RenderFault[] = []
  for (const decision of decisions) {
    if (decision.picks.length === 0) continue
    const slot = bundle.slotById.get(decision.slot)
    try {
      if (slot) fragments.push(renderOne(decision, slot, subject, bundle))
    } catch (error) {
      faults.push({ slot: decision.slot, detail: String(error) })
    }
  }
  return { fragments, faults }
}

/** The mark of the pick at a rank: a slot's only fragment is named by the slot alone. */
function markOf({ id, operation }: Slot, rank: number): string {
  if (operation === 'remove') return ''
  return rank === 0 ? id : `${id}.${rank}`
}

function renderOne(decision: Decision, slot: Slot, subject: Subject, bundle: Bundle): Fragment {
  const marks = decision.picks.map((_, rank) => markOf(slot, rank))
  const html = decision.picks.map((pick, rank) => {
    const variant = bundle.variants[pick.variant]
    if (!variant) throw new Error(`The bundle has no variant ${pick.variant}.`)
    return write(variant.segments, subject, marks[rank] ?? '')
  })
  return { slot, experience: decision.experience, html: html.join(''), marks }
}

/** A variant’s segments with what a visitor’s own values make of them. */
export function write(segments: readonly Segment[], subject: Readable, mark: string): string {
  let html = ''
  for (const segment of segments) {
    if (typeof segment === 'string') html += segment
    else if (segment[0] === 'v') {
      const value = segment[1] === MARK_PATH ? mark : toText(valueAt(subject, segment[1]))
      html += toAscii(escapeHtml(value))
    } else if (isEmpty(valueAt(subject, segment[1])) === (segment[0] === '^')) {
      html += write(segment[2], subject, mark)
    }
  }
  return html
}
