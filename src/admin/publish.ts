import { eq, ne } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import * as z from 'zod'
import { type Act, type Change, logged } from '../db/change-log.ts'
import type { Publication } from '../db/publications.ts'
import { hosts, publications } from '../db/schema.ts'
import type { BundleDocument } from '../model/bundle.ts'
import type { Configuration } from '../model/configuration.ts'
import type { Problem, Warning } from '../model/problem.ts'
import { err, ok, type Result } from '../model/result.ts'
import type { SlotHealth } from '../model/slot-health.ts'
import { readBundle } from '../site/bundle-store.ts'
import { checkConfiguration, type Platform } from './check.ts'
import { type Collision, collisionsOf } from './collisions.ts'
import { compile } from './compile.ts'
import { type Kept, keepForGood, toKept } from './documents.ts'
import { toPolicy } from './learning-policy.ts'
import { checkLiveSlots } from './live-slots.ts'

export interface Published {
  /** Number of the publication. */
  readonly seq: number
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
  change: PublishChange,
  platform: Platform,
): Promise<Result<Published, readonly Problem[]>> {
  const compiled = compile(configuration, platform)
  if (!compiled.ok) return compiled
  const taken = await takenHosts(configuration, env.DB)
  if (taken.length > 0) return err(taken)
  const [bundle, draft] = await Promise.all([toKept(compiled.value), toKept(configuration)])
  const documents = [bundle, draft]
  const entry = { hash: bundle.hash, configuration: draft.hash }
  const { seq } = await makeCurrent(compiled.value, documents, entry, env, change)
  const health = await env.BOARD.getByName(configuration.site.id).slotHealth()
  const warnings = toWarnings(configuration, health)
  return ok({ seq, bundle: bundle.hash, at: change.at, warnings })
}

/** Makes a bundle current that was so before; the draft stays as it is. */
export async function restore(
  { hash, configuration, seq: restores }: Publication,
  env: Env,
  change: PublishChange,
): Promise<Result<Publication, readonly Problem[]> | 'unreadable'> {
  return makeKept({ hash, configuration, restores }, env, change)
}

/** Makes a bundle current that was compiled before, as when its time has come; says why it cannot be. */
export async function makeKeptCurrent(
  entry: Entry,
  env: Env,
  change: PublishChange,
): Promise<Result<Publication, string>> {
  const made = await makeKept(entry, env, change)
  if (made === 'unreadable') return err('What was to be published can no longer be read.')
  return made.ok ? made : err(made.error.map(({ detail }) => detail).join(' '))
}

async function makeKept(
  entry: Entry,
  env: Env,
  change: PublishChange,
): Promise<Result<Publication, readonly Problem[]> | 'unreadable'> {
  const bundle = await readBundle(entry.hash, env.DB, caches.default)
  if (!bundle.ok) return 'unreadable'
  const taken = await takenHosts(bundle.value, env.DB)
  if (taken.length > 0) return err(taken)
  return ok(await makeCurrent(bundle.value, [], entry, env, change))
}

/** Why something is published, in the words of who does it. */
export const NoteSchema = z.string().max(1_000).default('')

/** A body that says no more than why. */
export const NotedSchema = z.strictObject({ note: NoteSchema })

/** What is published, and why. */
export interface PublishChange extends Change {
  readonly note?: string
}

type Entry = Pick<Publication, 'hash' | 'configuration'> & Partial<Pick<Publication, 'restores'>>

/** Learners, hosts, documents and history first, the board last. */
async function makeCurrent(
  document: BundleDocument,
  documents: readonly Kept[],
  entry: Entry,
  env: Env,
  change: PublishChange,
): Promise<Publication> {
  await configureLearners(document, env)
  const publication = await store(document, documents, entry, env.DB, change)
  await env.BOARD.getByName(document.site.id).publish(entry.hash)
  return publication
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
  const problems = checkConfiguration(configuration, platform)
  const [taken, health, live] = await Promise.all([
    takenHosts(configuration, env.DB),
    env.BOARD.getByName(configuration.site.id).slotHealth(),
    // A configuration with mistakes may name an origin that must not be asked.
    problems.length === 0 ? checkLiveSlots(configuration) : [],
  ])
  return {
    problems: [...problems, ...taken],
    warnings: [...live, ...toWarnings(configuration, health)],
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

/** Hosts of a configuration that another site has. */
export async function takenHosts(
  { site }: Pick<Configuration, 'site'>,
  db: D1Database,
): Promise<Problem[]> {
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

async function store(
  { site }: BundleDocument,
  documents: readonly Kept[],
  entry: Entry,
  db: D1Database,
  change: PublishChange,
): Promise<Publication> {
  const d1 = drizzle(db)
  // Without the slash that it may end in: a request's path is put right behind it.
  const { origin } = new URL(site.origin)
  const { by, at, note = '' } = change
  const [[publication]] = await d1.batch([
    d1
      .insert(publications)
      .values({ ...entry, site: site.id, by, at, note })
      .returning(),
    d1.delete(hosts).where(eq(hosts.site, site.id)),
    // One by one: a statement takes 100 parameters at most.
    ...site.hosts.map((host) => d1.insert(hosts).values({ host, site: site.id, origin })),
    ...documents.flatMap((document) => keepForGood(d1, document)),
    logged(d1, change, { site: site.id, ...toAct(entry) }),
  ])
  if (!publication) throw new Error('A publication was left without its number.')
  return publication
}

function toAct({ hash, restores }: Entry): Pick<Act, 'action' | 'summary'> {
  return restores
    ? { action: 'restore', summary: `Restored ${hash}, publication ${restores}.` }
    : { action: 'publish', summary: `Published ${hash}.` }
}
