import type { Random } from '../random.ts'

/** Simulated visitors: what they are like, and how likely each arm is to be rewarded by them. */
export interface Environment {
  readonly name: string
  readonly arms: number
  readonly visitors: number
  readonly perSecond: number
  /** Share of visitors in each segment; one segment where nothing divides them. */
  readonly segments: readonly number[]
  /** Reward probabilities of all arms for a segment at a visitor's place in the queue. */
  rates(visitor: number, segment: number): readonly number[]
  /** Mean of exponential delays from exposure to reward in s; 0 for none. */
  readonly delay: number
}

const BASE = [0.02, 0.0275, 0.035, 0.0425, 0.05] as const

const STATIONARY = { visitors: 100_000, perSecond: 100, segments: [1], delay: 0 }

export const E1: Environment = { ...STATIONARY, name: 'E1', arms: 5, rates: () => BASE }

const TWENTY = Array.from({ length: 20 }, (_, i) => 0.006 + (0.008 * i) / 19)
export const E2: Environment = { ...STATIONARY, name: 'E2', arms: 20, rates: () => TWENTY }

/** The best arm jumps every 20,000 visitors. */
const PHASES = Array.from({ length: 5 }, (_, phase) =>
  BASE.map((_, k) => BASE[(k + 10 - ((2 * phase) % 5)) % 5] ?? 0),
)
export const E4A: Environment = {
  ...STATIONARY,
  name: 'E4a',
  arms: 5,
  rates: (visitor) => PHASES[Math.floor(visitor / 20_000) % 5] ?? BASE,
}

export const E5: Environment = {
  ...E1,
  name: 'E5',
  visitors: 300_000,
  perSecond: 10,
  delay: 3600,
}

export const BUSY: Environment = { ...E1, name: 'E1', visitors: 1_000_000, perSecond: 1000 }

const FOUR = [0.4, 0.3, 0.2, 0.1]

const CROSSING = [
  [0.05, 0.03, 0.03, 0.02, 0.025],
  [0.03, 0.05, 0.025, 0.03, 0.02],
  [0.02, 0.03, 0.05, 0.03, 0.025],
  [0.03, 0.02, 0.025, 0.05, 0.03],
]
export const E3A: Environment = contextual('E3a', FOUR, CROSSING)

const ALIKE = [0.02, 0.035, 0.05, 0.08].map((base) =>
  [0.8, 0.9, 1, 1.1, 1.3].map((appeal) => base * appeal),
)
export const E3B: Environment = contextual('E3b', FOUR, ALIKE)

function contextual(
  name: string,
  segments: readonly number[],
  table: readonly (readonly number[])[],
): Environment {
  const arms = table[0]?.length ?? 0
  return { ...STATIONARY, name, arms, segments, rates: (_, segment) => table[segment] ?? [] }
}

/** Forty sparse segments; deviations of arms and of their interaction with segments, in logarithms. */
export function sparse(
  name: string,
  { normal }: Random,
  deviations: { readonly arm: number; readonly interaction: number },
): Environment {
  const arms = Array.from({ length: 5 }, () => deviations.arm * normal())
  const rows = Array.from({ length: 40 }, () => {
    const base = Math.log(0.03) + 0.6 * normal()
    const rates = arms.map((arm) =>
      Math.min(0.5, Math.exp(base + arm + deviations.interaction * normal())),
    )
    return { rates, weight: Math.exp(0.8 * normal()) }
  })
  const total = rows.reduce((sum, { weight }) => sum + weight, 0)
  return contextual(
    name,
    rows.map(({ weight }) => weight / total),
    rows.map(({ rates }) => rates),
  )
}
