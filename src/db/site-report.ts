import { asc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { watchedName } from '../model/bundle.ts'
import type { Experience } from '../model/experience.ts'
import { HOLDOUT_ARM } from '../model/exposure.ts'
import type { ReportRows } from './report.ts'
import { toTotal, toWeights } from './report.ts'
import { audits, totals, weightsVersions } from './schema.ts'

/** All that an overview of a site is made from. */
export interface SiteRows {
  readonly of: (experience: Pick<Experience, 'id' | 'watched'>) => ReportRows
  /** Visitors of the last week who were sent a variant of an experience. */
  readonly lately: (experience: string) => number
}

const WEEK_HOURS = 7 * 24

/** Reads what was counted of all of a site's experiences; `now` in epoch ms. */
export async function readSiteReport(
  env: Pick<Env, 'DB' | 'BOARD'>,
  site: string,
  now: number,
): Promise<SiteRows> {
  const d1 = drizzle(env.DB)
  const [counted, versions, found, recent, board] = await Promise.all([
    d1.select().from(totals).where(eq(totals.site, site)),
    d1
      .select()
      .from(weightsVersions)
      .where(eq(weightsVersions.site, site))
      .orderBy(asc(weightsVersions.version)),
    d1.select().from(audits).where(eq(audits.site, site)),
    readRecent(env.DB, site, Math.floor(now / 3_600_000) - WEEK_HOURS),
    env.BOARD.getByName(site).read(undefined),
  ])
  const countedOf = Map.groupBy(counted, ({ experience }) => experience)
  const versionsOf = Map.groupBy(versions, ({ experience }) => experience)
  const foundOf = new Map(found.map(({ experience, doc }) => [experience, doc]))
  return {
    lately: (experience) => recent.get(experience) ?? 0,
    of: ({ id, watched = [] }) => {
      const doc = foundOf.get(id)
      const totalsOf = (book: string) => (countedOf.get(book) ?? []).map(toTotal)
      return {
        totals: totalsOf(id),
        watched: new Map(watched.map(({ goal }) => [goal, totalsOf(watchedName(id, goal))])),
        versions: (versionsOf.get(id) ?? []).map(toWeights),
        days: [],
        current: board?.weights[id],
        audit: doc === undefined ? undefined : JSON.parse(doc),
      }
    },
  }
}

/** One short range of each experience's rows, jumping from one experience to the next. */
async function readRecent(
  db: D1Database,
  site: string,
  since: number,
): Promise<Map<string, number>> {
  const query = `WITH RECURSIVE known(experience) AS (
      SELECT min(experience) FROM rollup WHERE site = ?1
      UNION ALL
      SELECT (SELECT min(experience) FROM rollup WHERE site = ?1 AND experience > known.experience)
      FROM known WHERE known.experience IS NOT NULL)
    SELECT experience, (
      SELECT coalesce(sum(delivered), 0) FROM rollup
      WHERE site = ?1 AND experience = known.experience AND hour >= ?2 AND variant <> ?3) AS shown
    FROM known WHERE experience IS NOT NULL`
  const { results } = await db.prepare(query).bind(site, since, HOLDOUT_ARM).all()
  return new Map(results.map(({ experience, shown }) => [String(experience), Number(shown)]))
}
