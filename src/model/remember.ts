/** Longer keys are not worth their memory. */
const LONGEST_KEY = 512
const MOST_KEYS = 500

/**
 * A pure function that remembers its last few hundred answers, for keys that mostly repeat: paths, user
 * agents. Bounded, since whoever asks chooses the keys; never for anything personal.
 */
export function remember<T extends string | boolean | object>(
  answer: (key: string) => T,
): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const fresh = answer(key)
    if (key.length > LONGEST_KEY) return fresh
    // All at once: an order of use would cost every hit something.
    if (known.size >= MOST_KEYS) known.clear()
    known.set(key, fresh)
    return fresh
  }
}
