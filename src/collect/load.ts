/** How much an isolate works on at once. */
export interface Load {
  /** False when there is no room for as much more; what is admitted must be released. */
  admit(weight: number): boolean
  release(weight: number): void
}

/** Whatever its weight, one piece of work alone is always admitted. */
export function createLoad(most: number): Load {
  let weight = 0
  return {
    admit(more) {
      if (weight > 0 && weight + more > most) return false
      weight += more
      return true
    },
    release(less) {
      weight -= less
    },
  }
}
