import { asc, eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { Audit } from '../model/audit.ts'
import type { COUNTERS, Counts, WeightsByExperience } from '../model/learning.ts'
import { audits, hosts, publications, rollups, sites, weightsVersions } from './schema.ts'

export interface SiteSummary {
  readonly id: string
  readonly name: string
  readonly hosts: readonly string[]
  readonly bundle: string | null
  readonly publishedAt: number | null
  readonly off: boolean
}

/** Every drafted site with what is current of it. */
export async function listSites(env: Env): Promise<SiteSummary[]> {
  const d1 = drizzle(env.DB)
  const newest = sql<number>`max(${publications.seq})`
  const [drafted, hostRows, published] = await d1.batch([
    d1.select().from(sites).orderBy(asc(sites.id)),
    d1.select().from(hosts),
    d1
      .select({ site: publications.site, at: publications.at, hash: publications.hash, newest })
      .from(publications)
      .groupBy(publications.site),
  ])
  return Promise.all(
    drafted.map(async ({ id, doc }) => {
      const board = await env.BOARD.getByName(id).read(undefined)
      const publication = published.find(({ site }) => site === id)
      return {
        id,
        name: String(JSON.parse(doc).name),
        hosts: hostRows.filter(({ site }) => site === id).map(({ host }) => host),
        bundle: publication?.hash ?? null,
        publishedAt: publication?.at ?? null,
        off: board?.off ?? false,
      }
    }),
  )
}

export interface ArmCounts {
  readonly experience: string
  readonly variant: string
  readonly counts: Counts
}

export interface PublishedShares {
  readonly experience: string
  readonly version: number
  readonly at: number
  readonly shares: Readonly<Record<string, number>>
}

/** All that reports of a site are made from. */
export interface FigureRows {
  readonly arms: readonly ArmCounts[]
  readonly history: readonly PublishedShares[]
  readonly current: WeightsByExperience
  /** Experience → what its learner last made of what it is told. */
  readonly audits: ReadonlyMap<string, Audit>
}

/** Versions older than the newest of these are left out of a site's history. */
const HISTORY_LIMIT = 5_000

export async function readFigures(env: Env, site: string): Promise<FigureRows> {
  const d1 = drizzle(env.DB)
  const [sums, versions, board, found] = await Promise.all([
    d1
      .select({
        experience: rollups.experience,
        variant: rollups.variant,
        delivered: sum(rollups.delivered),
        survived: sum(rollups.survived),
        seen: sum(rollups.seen),
        clicked: sum(rollups.clicked),
        rewarded: sum(rollups.rewarded),
        value: sum(rollups.value),
        value2: sum(rollups.value2),
        delay: sum(rollups.delay),
      })
      .from(rollups)
      .where(eq(rollups.site, site))
      .groupBy(rollups.experience, rollups.variant),
    d1
      .select({
        experience: weightsVersions.experience,
        version: weightsVersions.version,
        at: weightsVersions.at,
        // Everybody's shares: a history of every segment's would be too long to send.
        shares: sql<string | null>`json_extract(${weightsVersions.shares}, '$.""')`,
      })
      .from(weightsVersions)
      .where(eq(weightsVersions.site, site))
      .orderBy(asc(weightsVersions.version))
      .limit(HISTORY_LIMIT),
    env.BOARD.getByName(site).read(undefined),
    d1.select().from(audits).where(eq(audits.site, site)),
  ])
  return {
    arms: sums.map(({ experience, variant, ...counts }) => ({ experience, variant, counts })),
    history: versions.map(({ experience, version, at, shares }) => ({
      experience,
      version,
      at,
      shares: JSON.parse(shares ?? '{}'),
    })),
    current: board?.weights ?? {},
    audits: new Map(found.map(({ experience, doc }) => [experience, JSON.parse(doc)])),
  }
}

function sum(column: (typeof rollups)[(typeof COUNTERS)[number]]) {
  return sql<number>`coalesce(sum(${column}), 0)`
}
