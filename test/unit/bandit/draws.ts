import { lnGamma } from '../../../src/bandit/beta.ts'
import type { Trials } from '../../../src/bandit/prior.ts'
import { random } from '../../bench/random.ts'

const GRID = [0.003, 0.01, 0.03, 0.1, 0.3]
const DRAWS = 40_000

/**
 * P(best) by segment as frequencies of draws from the hierarchical Gamma–Poisson posterior: its plain
 * recipe, with nothing of ours but ln Γ, for comparison.
 */
export function drawBest(S: readonly (readonly Trials[])[], seed: number): number[][] {
  const { gamma, uniform } = random(seed)
  const fits = GRID.map((v) => fitBy(S, 1 / v))
  const top = Math.max(...fits.map(({ ll }) => ll))
  const weights = fits.map(({ ll }) => Math.exp(ll - top))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  return S.map((cells, g) => {
    const wins = cells.map(() => 0)
    for (let n = 0; n < DRAWS; n++) {
      let rest = uniform() * all
      const { s, ga, gb, ra, rb } =
        fits.find((_, i) => {
          rest -= weights[i] ?? 0
          return rest < 0
        }) ?? fitBy(S, 1)
      const b = gamma(ga[g] ?? 1) / (gb[g] ?? 1)
      const theta = cells.map(({ trials, rewarded }, k) => {
        const r = gamma(ra[k] ?? 1) / (rb[k] ?? 1)
        return (r * gamma(s + rewarded)) / (s + trials * b * r)
      })
      const best = theta.indexOf(Math.max(...theta))
      wins[best] = (wins[best] ?? 0) + 1
    }
    return wins.map((count) => count / DRAWS)
  })
}

function fitBy(S: readonly (readonly Trials[])[], s: number) {
  const flat = S.flat()
  const sum = (of: (arm: Trials) => number) => flat.reduce((total, arm) => total + of(arm), 0)
  const mu = (sum((arm) => arm.rewarded) + 1) / (sum((arm) => arm.trials) + 30)
  const [ga, gb, base] = [S.map(() => 2), S.map(() => 2 / mu), S.map(() => mu)]
  const arms = S[0]?.map((_, k) => k) ?? []
  const [ra, rb, r] = [arms.map(() => 20), arms.map(() => 20), arms.map(() => 1)]
  const at = (g: number, k: number) => S[g]?.[k] ?? { trials: 0, rewarded: 0 }
  const expected = (g: number, k: number) => at(g, k).trials * (base[g] ?? 1) * (r[k] ?? 1)
  const credit = (g: number, k: number) => s / (s + expected(g, k))
  for (let round = 0; round < 6; round++) {
    for (const g of S.keys()) {
      ga[g] = 2 + arms.reduce((t, k) => t + credit(g, k) * at(g, k).rewarded, 0)
      gb[g] = 2 / mu + arms.reduce((t, k) => t + credit(g, k) * at(g, k).trials * (r[k] ?? 1), 0)
      base[g] = ga[g] / gb[g]
    }
    for (const k of arms) {
      const groups = [...S.keys()]
      ra[k] = 20 + groups.reduce((t, g) => t + credit(g, k) * at(g, k).rewarded, 0)
      rb[k] = 20 + groups.reduce((t, g) => t + credit(g, k) * at(g, k).trials * (base[g] ?? 1), 0)
      r[k] = ra[k] / rb[k]
    }
  }
  let ll = 0
  for (const g of S.keys()) {
    for (const k of arms) {
      const [e, n] = [expected(g, k), at(g, k).rewarded]
      if (e <= 0) continue
      ll += lnGamma(n + s) - lnGamma(s) + s * Math.log(s / (s + e)) + n * Math.log(e / (s + e))
    }
  }
  return { s, ga, gb, ra, rb, ll }
}
