import { eq, ne } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { Policy } from '../bandit/state.ts'
import { type Change, logged } from '../db/change-log.ts'
import { bundles, hosts, publications } from '../db/schema.ts'
import type { BundleDocument, CompiledExperience } from '../model/bundle.ts'
import type { Configuration } from '../model/configuration.ts'
import type { Problem, Warning } from '../model/problem.ts'
import { err, ok, type Result } from '../model/result.ts'
import { segmentNames } from '../model/segment.ts'
import type { SlotHealth } from '../model/slot-health.ts'
import { hashOf, PART_LENGTH } from '../site/bundle-store.ts'
import { checkConfiguration, type Platform } from './check.ts'
import { type Collision, collisionsOf } from './collisions.ts'
import { compile } from './compile.ts'

export interface Published {
  /** Name of the bundle: the hash of its content. */
  readonly bundle: string
  readonly at: number
  /** What live pages have shown of the slots that are published. */
  readonly warnings: readonly Warning[]
}

/**
 * Compiles a configuration and makes it current. Learners hear of their arms first, the bundle is
 * stored next, and the board is told last: at no moment does a page see half of it.
 */
export async function publish(
  configuration: Configuration,
  env: Env,
  change: Change,
  platform: Platform,
): Promise<Result<Published, readonly Problem[]>> {
  const compiled = compile(configuration, platform)
  if (!compiled.ok) return compiled
  const taken = await takenHosts(configuration, env.DB)
  if (taken.length > 0) return err(taken)
  const body = toAsciiJson(compiled.value)
  const bundle = await hashOf(body)
  await configureLearners(compiled.value, env)
  await store(compiled.value, body, bundle, env.DB, change)
  const board = env.BOARD.getByName(configuration.site.id)
  await board.publish(bundle)
  const warnings = toWarnings(configuration, await board.slotHealth())
  return ok({ bundle, at: change.at, warnings })
}

/** What stands in the way of a publish, what does not, and which experiences meet. */
export interface Review {
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
  readonly collisions: readonly Collision[]
}

/** Everything that a publish would say, without one. */
export async function review(
  configuration: Configuration,
  env: Env,
  platform: Platform,
): Promise<Review> {
  const [taken, health] = await Promise.all([
    takenHosts(configuration, env.DB),
    env.BOARD.getByName(configuration.site.id).slotHealth(),
  ])
  return {
    problems: [...checkConfiguration(configuration, platform), ...taken],
    warnings: toWarnings(configuration, health),
    collisions: collisionsOf(configuration),
  }
}

/** Slots that hydration undoes, and required ones whose element has gone. */
function toWarnings({ slots }: Configuration, health: readonly SlotHealth[]): Warning[] {
  return slots.flatMap(({ id, required }, place): Warning[] => {
    const known = health.find(({ slot }) => slot === id)
    const pointer = `/slots/${place}/selector`
    if (known?.framework) {
      const detail = `This element is built again by ${known.framework} in the browser; choose one outside its root.`
      return [{ code: 'hydrated_slot', pointer, detail }]
    }
    if (!required || !known || known.missing === 0) return []
    const detail = `In the last hour it was missing on ${known.missing} of ${known.pages} pages.`
    return [{ code: 'missing_slot', pointer, detail }]
  })
}

async function takenHosts({ site }: Configuration, db: D1Database): Promise<Problem[]> {
  const rows = await drizzle(db).select().from(hosts).where(ne(hosts.site, site.id))
  return rows
    .filter(({ host }) => site.hosts.includes(host))
    .map(({ host, site: other }) => ({
      code: 'host_taken' as const,
      pointer: `/site/hosts/${site.hosts.indexOf(host)}`,
      detail: `${host} belongs to the site “${other}”.`,
    }))
}

async function configureLearners({ site, experiences }: BundleDocument, env: Env): Promise<void> {
  await Promise.all(
    experiences.map(async (experience) => {
      const policy = toPolicy(experience)
      if (!policy) return
      const names = experience.arms.map(([variant]) => variant)
      await env.LEARNERS.getByName(`${site.id}/${experience.id}`).configure(names, policy)
    }),
  )
}

function toPolicy(experience: CompiledExperience): Policy | undefined {
  const { kind, floor, rung, window, aim, pace, halfLife, segments } = experience
  if (kind !== 'bandit' && kind !== 'ranked') return undefined
  return {
    ...{ kind, floor, rung, window, aim: aim ?? 'rewards', pace: pace ?? 'auto' },
    ...(halfLife && { halfLife }),
    segments: segmentNames(segments ?? []),
  }
}

async function store(
  { site }: BundleDocument,
  body: string,
  hash: string,
  db: D1Database,
  change: Change,
): Promise<void> {
  const d1 = drizzle(db)
  const parts = [...Array(Math.ceil(body.length / PART_LENGTH)).keys()]
  // Without the slash that it may end in: a request's path is put right behind it.
  const { origin } = new URL(site.origin)
  await d1.batch([
    d1.delete(hosts).where(eq(hosts.site, site.id)),
    // One by one: a statement takes 100 parameters at most.
    ...site.hosts.map((host) => d1.insert(hosts).values({ host, site: site.id, origin })),
    ...parts.map((part) =>
      d1
        .insert(bundles)
        .values({ hash, part, body: body.slice(part * PART_LENGTH, (part + 1) * PART_LENGTH) })
        .onConflictDoNothing(),
    ),
    d1.insert(publications).values({ site: site.id, hash, at: change.at, by: change.by }),
    logged(d1, change, { action: 'publish', site: site.id, summary: `Published ${hash}.` }),
  ])
}

/** JSON in ASCII, so that it can be cut anywhere and a byte is a character. */
function toAsciiJson(document: BundleDocument): string {
  return JSON.stringify(document).replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
