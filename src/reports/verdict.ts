import type { ArmReport, Report, Verdict } from '../model/report.ts'
import { LEAST_VISITORS } from './interval.ts'

/** A difference smaller than this part of the control's own matters to nobody. */
const MARGIN = 0.02

type Read = Pick<Report, 'allocation' | 'goal' | 'control'> & {
  /** Variants, without those who are left alone. */
  readonly variants: readonly ArmReport[]
}

/**
 * What is true however often one looks. A chance of being best is never enough: it passes 95 % in half
 * of all tests of equal variants that are watched.
 */
export function toVerdict({ allocation, goal, control, variants }: Read): Verdict {
  const shown = variants.reduce((sum, { counts }) => sum + counts.delivered, 0)
  const [first] = variants
  if (shown === 0 || !first) return { kind: 'nothing' }
  if (goal === null) return { kind: 'no_goal' }
  if (variants.length === 1) return { kind: 'single', arm: first.arm }
  const others = variants.filter(({ arm, lift }) => arm !== control && lift !== null)
  if (allocation === 'ranked')
    return { kind: 'listed', arm: mostOf(variants, ({ share }) => share) }
  if (shown < LEAST_VISITORS) return { kind: 'too_few', more: LEAST_VISITORS - shown }
  return toComparison(others, control ?? first.arm)
}

function toComparison(others: readonly ArmReport[], control: string): Verdict {
  const front = others.toSorted((a, b) => differenceOf(b) - differenceOf(a))[0]
  if (!front?.lift) return { kind: 'open', arm: control, more: null }
  if (front.lift.clear === 'above') return { kind: 'better', arm: front.arm }
  if (others.every(({ lift }) => lift?.clear === 'below')) return { kind: 'control', arm: control }
  const within = Math.max(...others.map(farthestOf))
  if (within <= MARGIN) return { kind: 'alike', arm: control, within }
  const { more } = front.lift
  return { kind: 'open', arm: differenceOf(front) > 0 ? front.arm : control, more }
}

function differenceOf({ lift }: ArmReport): number {
  return lift?.difference.estimate ?? Number.NEGATIVE_INFINITY
}

/** The farthest that an arm may be from the control, as a part of what that brings. */
function farthestOf({ lift }: ArmReport): number {
  const range = lift?.relative?.always
  return range ? Math.max(Math.abs(range[0]), Math.abs(range[1])) : Number.POSITIVE_INFINITY
}

function mostOf(arms: readonly ArmReport[], of: (arm: ArmReport) => number): string {
  return arms.toSorted((a, b) => of(b) - of(a))[0]?.arm ?? ''
}
