import type { ArmFigures, ExperienceFigures } from '../../model/figures.ts'
import { SHARES } from '../../model/learning.ts'
import type { Format } from '../format.ts'
import { toArmName, toRate, toTrials, toVariants } from './arms.ts'

/**
 * What can honestly be said of an experience in one line. Nothing here declares a winner: a
 * probability of being best passes 95 % in half of all A/A tests that are watched, and the intervals
 * are not valid under repeated looking. So readings speak of traffic, rates and overlap only.
 */
export type Reading =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'no-goal'; readonly trials: number }
  | { readonly kind: 'single'; readonly only: Standing }
  | { readonly kind: 'too-few'; readonly trials: number; readonly rewards: number }
  | { readonly kind: 'even'; readonly low: number; readonly high: number }
  | { readonly kind: 'leads'; readonly ranked: boolean; readonly pair: Pair }
  | { readonly kind: 'fixed'; readonly pair: Pair }

/** An arm with what it achieved so far. */
export interface Standing {
  readonly arm: string
  readonly name: string
  /** Ten-thousandths. */
  readonly share: number
  /** 0–1. */
  readonly rate: number
}

export interface Pair {
  readonly first: Standing
  readonly next: Standing
  /** Their 95 % intervals overlap, or one of them is not known. */
  readonly overlap: boolean
}

/** Trials an arm needs before its rate is worth reading, as GrowthBook asks of its bandits. */
export const LEAST_TRIALS = 100

/** Rewards two arms need between them; below, one more visitor turns the picture. */
export const LEAST_REWARDS = 10

/** A lead in traffic smaller than this, relative to an even split, is not called a lead. */
const LEAD = 1.1

/** Reads an experience's figures. */
export function toReading(experience: ExperienceFigures): Reading {
  const variants = toVariants(experience)
  const trials = sum(variants, (arm) => toTrials(experience, arm))
  if (trials === 0) return { kind: 'nothing' }
  if (experience.goal === null) return { kind: 'no-goal', trials }
  const [first, next] = toOrder(experience, variants)
  if (first === undefined) return { kind: 'nothing' }
  if (next === undefined) return toSingle(experience, first)
  if (isTooFew(experience, [first, next])) {
    return { kind: 'too-few', trials, rewards: sum(variants, (arm) => arm.counts.rewarded) }
  }
  const pair = toPair(experience, first, next)
  if (experience.allocation === 'split') return { kind: 'fixed', pair }
  if (first.share < (LEAD * SHARES) / variants.length) return toEven(experience, variants)
  return { kind: 'leads', ranked: experience.allocation === 'ranked', pair }
}

/** A reading in plain words: one sentence. */
export function toWords(reading: Reading, format: Format): string {
  switch (reading.kind) {
    case 'nothing':
      return 'Nobody has been shown this yet.'
    case 'no-goal':
      return `No goal is set, so there is nothing to compare; exposures so far: ${format.count(reading.trials)}.`
    case 'single':
      return `“${reading.only.name}” is the only variant; its rate is ${format.rate(reading.only.rate)}.`
    case 'too-few':
      return `Not enough to say yet: ${toSuccesses(reading, format)} so far.`
    case 'even':
      return `Not enough to say yet: traffic is nearly even, rates are ${toRange(reading, format)}.`
    case 'leads':
      return toLead(reading, format)
    case 'fixed':
      return toFixed(reading.pair, format)
  }
}

function toLead(reading: Extract<Reading, { kind: 'leads' }>, format: Format): string {
  const { first, next, overlap } = reading.pair
  const where = reading.ranked ? 'leads the list with a share of' : 'leads with'
  const what = reading.ranked ? '' : ' of traffic'
  const lead = `“${first.name}” ${where} ${format.share(first.share)}${what}`
  const rates = `${format.rate(first.rate)} vs ${format.rate(next.rate)} for “${next.name}”`
  return `${lead}; ${rates}${overlap ? ', with overlapping intervals' : ''}.`
}

function toFixed({ first, next, overlap }: Pair, format: Format): string {
  const rates = `“${first.name}” ${format.rate(first.rate)}, “${next.name}” ${format.rate(next.rate)}`
  return overlap
    ? `Not enough to say yet: ${rates}, and their intervals overlap.`
    : `On fixed shares: ${rates}.`
}

function toSuccesses(
  { trials, rewards }: { readonly trials: number; readonly rewards: number },
  format: Format,
): string {
  const some = (count: number, noun: string) =>
    `${format.count(count)} ${noun}${count === 1 ? '' : 's'}`
  return `${some(rewards, 'reward')} from ${some(trials, 'exposure')}`
}

function toRange(
  { low, high }: { readonly low: number; readonly high: number },
  format: Format,
): string {
  const [from, to] = [format.rate(low), format.rate(high)]
  return from === to ? `all about ${from}` : `between ${from} and ${to}`
}

/** Learned shares order the arms; fixed ones say nothing of them, there the rates do. */
function toOrder(
  experience: ExperienceFigures,
  variants: readonly ArmFigures[],
): readonly ArmFigures[] {
  const key =
    experience.allocation === 'split'
      ? (arm: ArmFigures) => toRate(experience, arm) ?? -1
      : (arm: ArmFigures) => arm.share
  return variants.toSorted((a, b) => key(b) - key(a))
}

function isTooFew(experience: ExperienceFigures, arms: readonly ArmFigures[]): boolean {
  if (experience.allocation !== 'split' && experience.version === 0) return true
  return (
    arms.some((arm) => toTrials(experience, arm) < LEAST_TRIALS) ||
    sum(arms, (arm) => arm.counts.rewarded) < LEAST_REWARDS
  )
}

function toSingle(experience: ExperienceFigures, only: ArmFigures): Reading {
  const rewards = only.counts.rewarded
  return isTooFew({ ...experience, allocation: 'split' }, [only])
    ? { kind: 'too-few', trials: toTrials(experience, only), rewards }
    : { kind: 'single', only: toStanding(experience, only) }
}

function toEven(experience: ExperienceFigures, variants: readonly ArmFigures[]): Reading {
  const rates = variants.map((arm) => toRate(experience, arm) ?? 0)
  return { kind: 'even', low: Math.min(...rates), high: Math.max(...rates) }
}

function toPair(experience: ExperienceFigures, first: ArmFigures, next: ArmFigures): Pair {
  return {
    first: toStanding(experience, first),
    next: toStanding(experience, next),
    overlap: isOverlap(first.interval, next.interval),
  }
}

function toStanding(experience: ExperienceFigures, arm: ArmFigures): Standing {
  const rate = toRate(experience, arm) ?? 0
  return { arm: arm.arm, name: toArmName(arm), share: arm.share, rate }
}

function isOverlap(a: ArmFigures['interval'], b: ArmFigures['interval']): boolean {
  return a === null || b === null || (a[0] <= b[1] && b[0] <= a[1])
}

function sum(arms: readonly ArmFigures[], count: (arm: ArmFigures) => number): number {
  return arms.reduce((total, arm) => total + count(arm), 0)
}
