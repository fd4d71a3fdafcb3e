import { relearn } from '../../bandit/learn.ts'
import { pickByShares, rankByShares, uniform } from '../../bandit/pick.ts'
import { type Share, sharesOf } from '../../bandit/shares.ts'
import { newState, type Policy } from '../../bandit/state.ts'
import { record, type Timeline } from '../../bandit/timeline.ts'
import type { CompiledExperience } from '../../model/bundle.ts'
import { HOLDOUT_ARM } from '../../model/exposure.ts'
import type { History } from '../../model/history.ts'
import { type Counts, NO_COUNTS, plus, SHARES, type Weights } from '../../model/learning.ts'

/** What becomes of an experience in so many days up to now. */
export interface Month {
  readonly experience: CompiledExperience
  /** How it comes to its shares; nothing where there is one variant alone. */
  readonly policy: Policy | undefined
  readonly truth: MonthTruth
  readonly visitors: number
  readonly days: number
  /** Part of the visitors who are left alone. */
  readonly holdout: number
  readonly seed: string
  /** Epoch ms. */
  readonly now: number
}

/** What visitors really do. */
export interface MonthTruth {
  /** Segment → part of the visitors; `''` alone where nothing divides them. */
  readonly segments: ReadonlyMap<string, number>
  /** Probability that a visitor of a segment who was sent an arm is rewarded. */
  readonly rate: (arm: string, segment: string) => number
  /** Whether a reward is worth something. */
  readonly isWorth: boolean
}

const HOUR_MS = 3_600_000
/** Mean hours from an exposure to its reward. */
const MEAN_DELAY = 3
/** Of those who were sent something, who has it before their eyes, rewarded or not. */
const LOOKED = 0.8
const CLICKED = 0.12
/** Each place further down a list is taken this much less. */
const PLACE_FACTOR = 0.85

/** Parts of a day's visitors by the hour, UTC: a shop that sleeps at night and is busiest at eight. */
const BY_HOUR = [
  ...[2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 10],
  ...[11, 10, 9, 9, 10, 11, 13, 15, 16, 13, 8, 4],
]
/** Weekends are busier. */
const BY_WEEKDAY = [1.25, 0.95, 0.9, 0.9, 0.95, 1, 1.2]

/** Counts of what is exposed in one hour and rewarded in another. */
interface Told {
  readonly version: number
  readonly segment: string
  readonly variant: string
  readonly counts: Partial<Counts>
}

/** A history as the product would have made it: its own picks, its own learning, hour after hour. */
export function simulateMonth(month: Month): History {
  const { experience, policy, days, now } = month
  const last = Math.floor(now / HOUR_MS)
  const first = last - 24 * days
  const arms = experience.arms.map(([arm]) => arm)
  const queue = new Map<number, Told[]>()
  const versions: Weights[] = []
  const told: { hour: number; rows: readonly Told[] }[] = []
  let state = policy && newState(arms, policy)
  let timeline: Timeline = []
  const crowd = toCrowd(month, first, last)
  for (let hour = first; hour < last; hour++) {
    const weights = versions.at(-1)
    for (const visitor of crowd(hour)) {
      for (const { delay, ...row } of visit(month, weights, visitor)) {
        const at = hour + delay
        if (at >= last) continue
        const due = queue.get(at)
        if (due) due.push(row)
        else queue.set(at, [row])
      }
    }
    const rows = joined(queue.get(hour) ?? [])
    queue.delete(hour)
    told.push({ hour, rows })
    const shown = rows.filter(({ variant }) => variant !== HOLDOUT_ARM)
    timeline = record(timeline, shown.map(whole), (hour + 1) * HOUR_MS)
    const learned = state && relearn(state, timeline, (hour + 1) * HOUR_MS)
    if (!learned) continue
    state = learned
    versions.push(learned.weights)
  }
  return toHistory(versions, told)
}

const whole = ({ segment, variant, counts }: Told) => ({
  ...{ segment, variant },
  counts: { ...NO_COUNTS, ...counts },
})

/** The numbers of each hour's visitors. */
function toCrowd({ visitors, seed }: Month, first: number, last: number) {
  const weightOf = (hour: number) => {
    const at = new Date(hour * HOUR_MS)
    const noise = 0.8 + 0.4 * uniform(`${seed}/hour`, String(hour))
    return (BY_HOUR[at.getUTCHours()] ?? 1) * (BY_WEEKDAY[at.getUTCDay()] ?? 1) * noise
  }
  let all = 0
  for (let hour = first; hour < last; hour++) all += weightOf(hour)
  let [passed, sent] = [0, 0]
  return (hour: number) => {
    passed += weightOf(hour)
    const until = Math.round((visitors * passed) / all)
    const from = sent
    sent = until
    return Array.from({ length: until - from }, (_, place) => from + place)
  }
}

/** What one visitor adds to the counts, and in how many hours. */
function visit(month: Month, weights: Weights | undefined, visitor: number) {
  const { experience, truth, seed, holdout } = month
  const draw = (what: string) => uniform(`${seed}/${experience.id}/${what}`, String(visitor))
  if (draw('holdout') < holdout) {
    const exposure = { version: 0, segment: '', variant: HOLDOUT_ARM }
    const segment = drawSegment(truth, draw('segment'))
    return outcomeOf(exposure, truth.rate(HOLDOUT_ARM, segment), { ...month, draw, rank: 0 })
  }
  const segment = drawSegment(truth, draw('segment'))
  const learned = weights && sharesOf(weights, segment)
  const shares: readonly Share[] = learned ? Object.entries(learned) : experience.arms
  const version = learned ? weights.version : 0
  return picksOf(experience, shares, draw).flatMap((variant, rank) => {
    const rate = truth.rate(variant, segment) * PLACE_FACTOR ** rank
    return outcomeOf({ version, segment, variant }, rate, { ...month, draw, rank })
  })
}

type Draw = (what: string) => number

function picksOf(
  { kind, show }: CompiledExperience,
  shares: readonly Share[],
  draw: Draw,
): string[] {
  if (kind !== 'ranked') {
    const picked = pickByShares(shares, Math.floor(draw('pick') * SHARES))
    const [arm] = shares[picked?.index ?? 0] ?? []
    return arm === undefined ? [] : [arm]
  }
  const names = shares.map(([arm]) => arm)
  const weights = shares.map(([, share]) => share)
  const { order } = rankByShares(names, weights, show ?? 1, (arm) => draw(`place/${arm}`))
  return order.flatMap((index) => names[index] ?? [])
}

function drawSegment({ segments }: MonthTruth, unit: number): string {
  let rest = unit
  for (const [segment, part] of segments) {
    rest -= part
    if (rest < 0) return segment
  }
  return ''
}

interface Circumstances extends Month {
  readonly draw: Draw
  readonly rank: number
}

/** An exposure, and its reward where there is one: a reward proves that it was seen. */
function outcomeOf(
  exposure: Omit<Told, 'counts'>,
  rate: number,
  { draw, rank, truth }: Circumstances,
): (Told & { readonly delay: number })[] {
  const isRewarded = draw(`act/${rank}`) < rate
  const isLeft = exposure.variant === HOLDOUT_ARM
  const isSeen = !isLeft && (isRewarded || draw(`look/${rank}`) < LOOKED)
  const isClicked = isSeen && draw(`click/${rank}`) < CLICKED
  const steps = {
    delivered: 1,
    ...(!isLeft && { survived: 1 }),
    ...(isSeen && { seen: 1 }),
    ...(isClicked && { clicked: 1 }),
  }
  const shown = { ...exposure, counts: steps, delay: 0 }
  if (!isRewarded) return [shown]
  const hours = -MEAN_DELAY * Math.log(draw(`wait/${rank}`))
  const value = truth.isWorth ? Math.round(20 + 80 * draw(`worth/${rank}`)) : 0
  const reward = { rewarded: 1, value, value2: value ** 2, delay: Math.round(3600 * hours) }
  return [shown, { ...exposure, counts: reward, delay: Math.floor(hours) }]
}

function joined(rows: readonly Told[]): Told[] {
  const sums = new Map<string, Told & { counts: Counts }>()
  for (const row of rows) {
    const key = JSON.stringify([row.version, row.segment, row.variant])
    const counts = plus(sums.get(key)?.counts ?? NO_COUNTS, row.counts)
    sums.set(key, { ...row, counts })
  }
  return [...sums.values()]
}

function toHistory(
  versions: readonly Weights[],
  told: readonly { readonly hour: number; readonly rows: readonly Told[] }[],
): History {
  const totals = joined(told.flatMap(({ rows }) => rows))
  const hours = told.flatMap(({ hour, rows }) =>
    rows.map(({ segment, variant, counts }) => ({ hour, segment, variant, counts })),
  )
  return { versions: versions.map(copy), totals: totals.map(copy), hours }
}

/** As JSON would have it, so that readers may keep it as their own. */
const copy = <T>(value: T): T => structuredClone(value)
