/** A seeded source of random numbers, for simulations that must repeat. */
export interface Random {
  /** A whole number below 2³². */
  integer(): number
  /** In (0, 1). */
  uniform(): number
  /** Standard normal. */
  normal(): number
  /** Gamma with the given shape and a rate of 1. */
  gamma(shape: number): number
  beta(a: number, b: number): number
}

/** sfc32, seeded by splitmix32: the generator behind the reference figures. */
export function random(seed: number): Random {
  const integer = sfc32(seed)
  const uniform = () => (integer() + 0.5) * 2 ** -32
  const normal = polar(uniform)
  const gamma = (shape: number) => marsagliaTsang(shape, uniform, normal)
  const beta = (a: number, b: number) => {
    const left = gamma(a)
    return left / (left + gamma(b))
  }
  return { integer, uniform, normal, gamma, beta }
}

function splitmix32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x9e3779b9) | 0
    const once = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    const twice = Math.imul(once ^ (once >>> 15), 0x735a2d97)
    return twice ^ (twice >>> 15)
  }
}

function sfc32(seed: number): () => number {
  const fill = splitmix32(seed)
  let [a, b, c, d] = [fill(), fill(), fill(), 1]
  const next = () => {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return t >>> 0
  }
  for (let round = 0; round < 16; round++) next()
  return next
}

/** Marsaglia's polar method; every second draw is the spare of the one before. */
function polar(uniform: () => number): () => number {
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const kept = spare
      spare = undefined
      return kept
    }
    for (;;) {
      const x = 2 * uniform() - 1
      const y = 2 * uniform() - 1
      const square = x * x + y * y
      if (square >= 1 || square === 0) continue
      const factor = Math.sqrt((-2 * Math.log(square)) / square)
      spare = y * factor
      return x * factor
    }
  }
}

/** Marsaglia & Tsang (2000); a shape below 1 is drawn one higher and scaled down. */
function marsagliaTsang(shape: number, uniform: () => number, normal: () => number): number {
  if (shape < 1) return marsagliaTsang(shape + 1, uniform, normal) * uniform() ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const z = normal()
    const v = (1 + c * z) ** 3
    if (v <= 0) continue
    if (Math.log(uniform()) < (z * z) / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}
