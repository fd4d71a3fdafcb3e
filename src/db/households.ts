/** All people of the households in which any of the given ones live, each with their household. */
export async function readHouseholds(
  db: D1Database,
  site: string,
  people: readonly string[],
): Promise<Map<string, string>> {
  const { results } = await db
    .prepare(MATES)
    .bind(site, JSON.stringify(people))
    .all<{ person: string; household: string }>()
  return new Map(results.map(({ person, household }) => [person, household]))
}

const MATES = `
  SELECT person, household FROM household WHERE site = ?1 AND household IN (
    SELECT household FROM household
    WHERE site = ?1 AND person IN (SELECT value FROM json_each(?2)))`

/** Moves people to households, all or none. */
export async function writeHouseholds(
  db: D1Database,
  site: string,
  moved: ReadonlyMap<string, string>,
): Promise<void> {
  if (moved.size === 0) return
  await db
    .prepare(MOVE)
    .bind(site, JSON.stringify([...moved]))
    .run()
}

const MOVE = `
  INSERT INTO household (site, person, household)
  SELECT ?1, value ->> 0, value ->> 1 FROM json_each(?2) WHERE true
  ON CONFLICT (site, person) DO UPDATE SET household = excluded.household`
