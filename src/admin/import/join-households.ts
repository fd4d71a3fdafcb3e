/** Most people of one household. */
const MOST_PEOPLE = 20

/** Two people under one roof. */
export interface Pair {
  readonly person: string
  readonly other: string
}

/** Who lives where, once all pairs are together; and the pairs that would have made a crowd. */
export interface Joined<P extends Pair> {
  readonly moved: ReadonlyMap<string, string>
  readonly refused: readonly P[]
}

/**
 * Brings pairs of people together, with all who live with either: of two households the one whose name
 * sorts first takes in the other. `homes` are all people of the households that the pairs touch.
 */
export function joinHouseholds<P extends Pair>(
  pairs: readonly P[],
  homes: ReadonlyMap<string, string>,
  newName: () => string,
): Joined<P> {
  const homeOf = new Map(homes)
  const people = new Map<string, string[]>()
  for (const [person, home] of homes) people.set(home, [...(people.get(home) ?? []), person])
  const moved = new Map<string, string>()
  const refused: P[] = []

  for (const pair of pairs) {
    const homesOfPair = [pair.person, pair.other].map((one) => homeOf.get(one))
    const [name = newName()] = homesOfPair.filter((home) => home !== undefined).sort()
    const together = new Set(
      [pair.person, pair.other].flatMap((one, at) => people.get(homesOfPair[at] ?? '') ?? [one]),
    )
    if (together.size > MOST_PEOPLE) {
      refused.push(pair)
      continue
    }
    for (const home of homesOfPair) if (home !== undefined) people.delete(home)
    people.set(name, [...together])
    for (const one of together) {
      if (homeOf.get(one) === name) continue
      homeOf.set(one, name)
      moved.set(one, name)
    }
  }
  return { moved, refused }
}
