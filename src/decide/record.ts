import { bucket } from '../bandit/pick.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Decision } from '../model/decision.ts'
import { SHARES, type WeightsByExperience } from '../model/learning.ts'
import type { PageRecord } from '../model/page-record.ts'
import { valuesOf } from '../model/segment.ts'
import { type Answers, answersOf, type Inputs } from './answers.ts'
import { decideBy } from './decide.ts'
import { toSticky } from './sticky.ts'
import type { Verdict } from './suppression.ts'

/** One page view in a thousand. */
const USUAL_SHARE = 10

const MINUTE_MS = 60_000

/**
 * Whether a page view belongs to the sample: the same visitors for a minute each. Where many share a
 * seed, it is the moment that decides, or all of them would be in it at once.
 */
export function isLogged(
  { site }: Bundle,
  { subject, now, measured }: Inputs,
  seed: string,
): boolean {
  const share = site.logShare ?? USUAL_SHARE
  const [moment, id] = measured ? [Math.floor(now / MINUTE_MS), seed] : [now, subject.signals.path]
  return share > 0 && bucket(`${site.id}/log/${moment}`, id) < share
}

/** Decides a page once more and writes down what that took. Pure, like deciding. */
export function recordPage(
  inputs: Inputs,
  bundle: Bundle,
  weights: WeightsByExperience,
  seed: string,
): PageRecord {
  const { answers, heard } = listen(answersOf(inputs, bundle, seed))
  const decisions = decideBy(answers, bundle, weights)
  const { now: at, measured, tier, closed, slots } = answers
  const record: PageRecord = {
    ...{ at, bundle: bundle.hash, measured, tier, slots: slots.map(({ slot }) => slot.id) },
    ...heard,
    kept: toSticky(
      decisions.filter(({ reason }) => reason === 'sticky'),
      bundle,
    ),
    closed: [...closed].sort(),
    decisions,
  }
  return coarsest(record, (one) => isSame(replay(one, bundle, weights), decisions))
}

/** The decisions of a record by its bundle and the weights of the versions that they name. */
export function replay(
  record: PageRecord,
  bundle: Bundle,
  weights: WeightsByExperience,
): Decision[] {
  const { at, measured, slots, audiences, reads, buckets, levels, kept } = record
  const { tier = measured ? 1 : 0, suppressed = {}, closed = [] } = record
  const isIn = (audience: string) => audiences[audience] ?? false
  const answers: Answers = {
    ...{ now: at, measured, tier, kept, isIn, closed: new Set(closed) },
    suppressed: (variant) => (Object.hasOwn(suppressed, variant) ? suppressed[variant] : undefined),
    slots: slots.flatMap((id) => {
      const slot = bundle.slotById.get(id)
      const experiences = bundle.experiences.filter((experience) => experience.slot === id)
      return slot ? [{ slot, experiences }] : []
    }),
    read: (dimension) =>
      dimension.by === 'audience'
        ? isIn(dimension.audience)
          ? 'in'
          : 'out'
        : (reads[dimension.by] ?? ''),
    bucket: (salt) => buckets[salt] ?? SHARES,
    level: (salt) => levels[salt] ?? 1,
  }
  return decideBy(answers, bundle, weights)
}

type Heard = Pick<PageRecord, 'audiences' | 'suppressed' | 'reads' | 'buckets' | 'levels'>

/** The same answers, and those that were asked for. */
function listen(answers: Answers): { answers: Answers; heard: Heard } {
  const audiences: Record<string, boolean> = {}
  const suppressed: Record<string, Verdict> = {}
  const reads: Record<string, string> = {}
  const buckets: Record<string, number> = {}
  const levels: Record<string, number> = {}
  const isIn = (audience: string) => {
    const answer = answers.isIn(audience)
    audiences[audience] = answer
    return answer
  }
  return {
    heard: { audiences, suppressed, reads, buckets, levels },
    answers: {
      ...answers,
      isIn,
      suppressed(variant) {
        const verdict = answers.suppressed(variant)
        if (verdict) suppressed[variant] = verdict
        return verdict
      },
      read(dimension) {
        if (dimension.by === 'audience') return isIn(dimension.audience) ? 'in' : 'out'
        const value = answers.read(dimension)
        // Another experience may tell it apart, or have done so already.
        if (valuesOf(dimension).includes(value)) reads[dimension.by] = value
        else reads[dimension.by] ??= '*'
        return value
      },
      bucket(salt) {
        const place = answers.bucket(salt)
        buckets[salt] = place
        return place
      },
      level(salt) {
        const level = answers.level(salt)
        levels[salt] = level
        return level
      },
    },
  }
}

type Test = (record: PageRecord) => boolean

/**
 * Where a visitor falls tells visitors apart, so it is kept with as few digits as will do: each bucket
 * by itself, the levels of a list, of which there may be very many, all alike.
 */
function coarsest(record: PageRecord, isEnough: Test): PageRecord {
  let rounded = record
  for (const [salt, place] of Object.entries(record.buckets)) {
    const { buckets } = rounded
    rounded = withFewestDigits(rounded, isEnough, (digits) => ({
      buckets: { ...buckets, [salt]: rounding(place, digits) },
    }))
  }
  const levels = Object.entries(record.levels)
  return withFewestDigits(rounded, isEnough, (digits) => ({
    levels: Object.fromEntries(levels.map(([salt, level]) => [salt, rounding(level, digits)])),
  }))
}

/** Digits of a number that tell it from every other one, at most. */
const MOST_DIGITS = 17

function withFewestDigits(
  record: PageRecord,
  isEnough: Test,
  toChange: (digits: number) => Partial<PageRecord>,
): PageRecord {
  for (let digits = 1; digits < MOST_DIGITS; digits++) {
    const rounded = { ...record, ...toChange(digits) }
    if (isEnough(rounded)) return rounded
  }
  return record
}

function rounding(number: number, digits: number): number {
  return Number(number.toPrecision(digits))
}

/** Both were made by the same code, with their properties in one order. */
function isSame(some: readonly Decision[], others: readonly Decision[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others)
}
