import { request } from 'node:http'
import { type Arena, openArena } from './arena.ts'
import { ask, type Target } from './ask.ts'
import { sized, USUAL_SLOTS } from './contestants/sized.ts'
import { type Figure, median, toFigure } from './figure.ts'
import { residentMemoryOf } from './processor.ts'
import { type Lane, targetOf } from './race.ts'
import { faultsOfLane, toSizedLane } from './sized-lane.ts'
import type { Manner } from './sized-page.ts'

/** The names of the figures that `streamFigures` measures. */
export const STREAM_FIGURES = ['stream.first-byte', 'stream.memory-50mb']

const MEASURES: Readonly<Record<string, (arena: Arena, rounds: number) => Promise<Figure>>> = {
  'stream.first-byte': firstByte,
  'stream.memory-50mb': memory,
}

/** Whether pages really stream: as soon as they come, and without being held. */
export async function streamFigures(names: readonly string[], rounds: number): Promise<Figure[]> {
  const arena = await openArena([sized])
  try {
    const figures: Figure[] = []
    for (const name of names) {
      const measured = await MEASURES[name]?.(arena, rounds)
      if (measured) figures.push(measured)
    }
    return figures
  } finally {
    await arena.close()
  }
}

const HALVES_KILOBYTES = 80

async function firstByte(arena: Arena, rounds: number): Promise<Figure> {
  const ours = await checked(arena, laneOf('halves', HALVES_KILOBYTES))
  const peer = { ...arena.origin, path: ours.path }
  const measured: { ours: Reading; peer: Reading }[] = []
  for (let round = 0; round < rounds; round++) {
    measured.push({ ours: await read(ours), peer: await read(peer) })
  }
  const last = (who: 'ours' | 'peer') => median(measured.map((pair) => pair[who].last)).toFixed(0)
  return toFigure(
    { ours: measured.map(({ ours }) => ours.first), peer: measured.map(({ peer }) => peer.first) },
    {
      figure: 'stream.first-byte',
      goal: { sign: '<=', bound: 1.2 },
      unit: 'ms to the first byte of the body',
      note: `a personalised page against the origin asked directly, which takes 100 ms to begin, sends one half, and the other 300 ms later; the last byte comes after ${last('ours')} against ${last('peer')} ms`,
    },
  )
}

const MEGABYTE = 1e6
const LARGE_KILOBYTES = 50_000
const SMALL_KILOBYTES = 1_000
/** Pages before memory is looked at: the heap grows over hundreds of megabytes until it finds its size. */
const WARM_UPS = 200
/** So many at once that they would not fit into what the heap has to spare. */
const AT_ONCE = 4
/** Each takes many seconds. */
const MOST_ROUNDS = 3
/** Ms for which a reader rests after the first bytes: what comes meanwhile must wait at the origin. */
const REST_MS = 1500
const LOOK_EVERY_MS = 5

/** How far memory rises while pages come. What is never given back counts, once the heap has its size. */
async function memory(arena: Arena, rounds: number): Promise<Figure> {
  const resident = residentMemoryOf('workerd')
  if (!resident) throw new Error('this system does not tell how much memory a process has')
  const large = targetOf(arena, laneOf('streamed', LARGE_KILOBYTES))
  const small = await checked(arena, laneOf('streamed', SMALL_KILOBYTES))
  const first = resident()
  for (let n = 0; n < WARM_UPS; n++) await ask(small)
  const warmUp = ((resident() - first) / MEGABYTE).toFixed(0)
  const growth = async (target: Target) => (await growthWhile(target, resident)) / MEGABYTE
  const growths: { large: number; small: number }[] = []
  for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round++) {
    growths.push({ small: await growth(small), large: await growth(large) })
  }
  await checked(arena, laneOf('streamed', LARGE_KILOBYTES))
  const smaller = median(growths.map(({ small }) => small)).toFixed(1)
  const page = LARGE_KILOBYTES / 1000
  return toFigure(
    { ours: growths.map(({ large }) => large), peer: growths.map(() => page * AT_ONCE) },
    {
      figure: 'stream.memory-50mb',
      goal: { sign: '<=', bound: 0.5 },
      unit: 'MB',
      note: `how far the resident memory of workerd rises, at its highest, while ${AT_ONCE} personalised pages of ${page} MB stream through at once, against their size; ${smaller} MB for as many pages of 1 MB; after ${WARM_UPS} pages of 1 MB, by which it rose ${warmUp} MB; readers rest ${REST_MS} ms after the first bytes`,
    },
  )
}

/** Bytes by which memory is higher than before, at its highest, while some read at once. */
async function growthWhile(target: Target, resident: () => number): Promise<number> {
  const before = resident()
  let peak = before
  const timer = setInterval(() => {
    peak = Math.max(peak, resident())
  }, LOOK_EVERY_MS)
  await Promise.all(Array.from({ length: AT_ONCE }, () => read(target, REST_MS)))
  clearInterval(timer)
  return peak - before
}

const laneOf = (manner: Manner, kilobytes: number) =>
  toSizedLane(manner, { kilobytes, slots: USUAL_SLOTS })

/** The personalised page's target; rejects when the answer is not that page, whole. */
async function checked(arena: Arena, lane: Lane): Promise<Target> {
  const target = targetOf(arena, lane)
  const faults = faultsOfLane(lane, await ask(target))
  if (faults.length > 0) throw new Error(`${lane} gives a wrong page: ${faults.join(', ')}`)
  return target
}

/** Ms after the request. */
interface Reading {
  readonly first: number
  readonly last: number
}

/** Reads an answer without keeping it; rests for `rest` ms after the first bytes of its body. */
function read({ address, path, headers }: Target, rest = 0): Promise<Reading> {
  const { hostname, port } = address
  const { promise, resolve, reject } = Promise.withResolvers<Reading>()
  const started = performance.now()
  let first: number | undefined
  const sent = request({ agent: false, hostname, port, path, headers }, (response) => {
    response.on('data', () => {
      if (first !== undefined) return
      first = performance.now() - started
      if (rest === 0) return
      response.pause()
      setTimeout(() => response.resume(), rest)
    })
    response.on('error', reject)
    response.on('end', () => resolve({ first: first ?? 0, last: performance.now() - started }))
  })
  sent.on('error', reject)
  sent.end()
  return promise
}
