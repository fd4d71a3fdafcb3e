import { availableParallelism } from 'node:os'
import type { Arena } from './arena.ts'
import { type Answer, ask, type Target } from './ask.ts'
import { median } from './figure.ts'
import { CONNECTIONS, load } from './load.ts'
import { processorTimeOf } from './processor.ts'

/** A contestant on one of the origin's pages: its name, then the path. */
export type Lane = `${string} /${string}`

export interface Race {
  readonly lanes: readonly Lane[]
  readonly rounds: number
  /** Ms of load that each lane gets in a round. */
  readonly slice: number
  /** Ms of load before the first round. */
  readonly warmUp: number
  /** What is wrong with an answer; looked at before and after, as a fast wrong page is no figure. */
  readonly faults: (lane: Lane, answer: Answer) => string[]
}

/** What a lane came to: an entry a round. */
export interface Result {
  /** Answers per second. */
  readonly rates: readonly number[]
  /** Milliseconds of workerd's processor time for an answer; NaN where the system does not tell. */
  readonly costs: readonly number[]
}

interface Tally extends Result {
  readonly rates: number[]
  readonly costs: number[]
}

/** Under which circumstances lanes run, for notes. */
export const CIRCUMSTANCES = `${CONNECTIONS} connections; origin and load generator share ${availableParallelism()} cores with workerd`

/**
 * Slices of load alternate between lanes in a turning order, so that nobody always runs after the same
 * neighbour. Rejects when an answer is wrong.
 */
export async function race(arena: Arena, race: Race): Promise<(lane: Lane) => Result> {
  const { lanes, rounds, slice, warmUp, faults } = race
  const check = async (lane: Lane) => {
    const found = faults(lane, await ask(targetOf(arena, lane)))
    if (found.length > 0) throw new Error(`${lane} gives a wrong page: ${found.join(', ')}`)
  }
  for (const lane of lanes) {
    await load(targetOf(arena, lane), warmUp)
    await check(lane)
  }
  const processorTime = processorTimeOf('workerd') ?? (() => Number.NaN)
  const results = new Map<Lane, Tally>(lanes.map((lane) => [lane, { rates: [], costs: [] }]))
  for (let round = 0; round < rounds; round++) {
    for (const lane of turned(lanes, round)) {
      const before = processorTime()
      const { rate, answers } = await load(targetOf(arena, lane), slice)
      results.get(lane)?.rates.push(rate)
      results.get(lane)?.costs.push((processorTime() - before) / answers)
    }
  }
  for (const lane of lanes) await check(lane)
  return (lane) => {
    const result = results.get(lane)
    if (result === undefined) throw new Error(`no rounds for ${lane}`)
    return result
  }
}

/** What an answer costs, by the round: of the processor, or of the clock where nobody tells. */
export function costsOf({ costs, rates }: Result): { values: readonly number[]; unit: string } {
  return costs.some(Number.isNaN)
    ? { values: rates.map((rate) => 1000 / rate), unit: 'ms a page' }
    : { values: costs, unit: 'ms of workerd a page' }
}

/** Both sides' costs in words; empty where nobody tells. */
export function compareCosts(ours: Result, peer: Result): string {
  const [own, theirs] = [median(ours.costs), median(peer.costs)]
  return own > 0 ? `${own.toFixed(2)} against ${theirs.toFixed(2)} ms of workerd a page; ` : ''
}

/** Whether a lane is that contestant's. */
export const isOf = (name: string) => (lane: Lane) => lane.startsWith(`${name} `)

/** Where a lane's page is asked for. */
export function targetOf(arena: Arena, lane: Lane): Target {
  const [name = '', path = ''] = lane.split(' ')
  const target = arena.targets.get(name)
  if (target === undefined) throw new Error(`nobody answers for ${lane}`)
  return { ...target, path }
}

/** The list begun at another place. */
export const turned = <T>(list: readonly T[], by: number): T[] => {
  const start = by % list.length
  return [...list.slice(start), ...list.slice(0, start)]
}
