import { and, asc, eq, sql } from 'drizzle-orm'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import type { Change } from '../db/change-log.ts'
import { drafts, sites } from '../db/schema.ts'
import { type Configuration, ConfigurationSchema, KINDS } from '../model/configuration.ts'
import { err, ok, type Result } from '../model/result.ts'
import { holds, type Precondition } from './precondition.ts'
import { revise, untilDone } from './revise.ts'

type DraftRow = typeof drafts.$inferSelect
type SiteRow = typeof sites.$inferSelect

/** A draft as it was after so many changes. */
export interface Draft {
  readonly configuration: Configuration
  readonly revision: number
}

/** A site's draft as one document; nothing for a site that was never drafted. */
export async function readDraft(db: D1Database, site: string): Promise<Configuration | undefined> {
  return (await readRevision(db, site))?.configuration
}

/** The same, with the number of its revision. */
export async function readRevision(db: D1Database, site: string): Promise<Draft | undefined> {
  const { row, rows } = await readRows(db, site)
  if (!row) return undefined
  return { configuration: toConfiguration(row, rows), revision: row.revision }
}

async function readRows(db: D1Database, site: string) {
  const d1 = drizzle(db)
  const [[row], rows] = await d1.batch([
    d1.select().from(sites).where(eq(sites.id, site)),
    d1.select().from(drafts).where(eq(drafts.site, site)).orderBy(asc(drafts.place)),
  ])
  return { row, rows }
}

function toConfiguration(row: SiteRow, rows: readonly DraftRow[]): Configuration {
  const byKind = Map.groupBy(rows, ({ kind }) => kind)
  const lists = KINDS.map((kind) => [
    kind,
    (byKind.get(kind) ?? []).map(({ doc }) => JSON.parse(doc)),
  ])
  return ConfigurationSchema.parse({ site: JSON.parse(row.doc), ...Object.fromEntries(lists) })
}

/** Why a draft is not replaced: it is not the one that was asked for, or a rule forbids the change. */
export type DraftRefusal<R> =
  | { readonly reason: 'precondition_failed'; readonly revision: number | undefined }
  | { readonly reason: 'not_allowed'; readonly why: R }

/** Whether a site's document may take the place of another, or of none; says why not. */
type Rule<R> = (before: Configuration['site'] | undefined, after: Configuration['site']) => R

/**
 * Replaces a site's draft, all of it or nothing of it, and tells the revision that this made. What is
 * the same as before keeps its version, so that nobody who is at it is stopped.
 */
export async function writeDraft<R>(
  db: D1Database,
  configuration: Configuration,
  change: Change,
  { expected, rule }: { expected: Precondition | undefined; rule: Rule<R | undefined> },
): Promise<Result<number, DraftRefusal<R>>> {
  const { site } = configuration
  return untilDone(async () => {
    const { row, rows } = await readRows(db, site.id)
    if (expected && !holds(expected, row?.revision)) {
      return err({ reason: 'precondition_failed', revision: row?.revision })
    }
    const why = rule(row && JSON.parse(row.doc), site)
    if (why !== undefined) return err({ reason: 'not_allowed', why })
    const revision = row?.revision ?? 0
    const act = {
      action: row ? 'change' : 'create',
      ...{ kind: 'configuration', id: site.id },
      summary: `${row ? 'Replaced' : 'Wrote'} the whole draft.`,
    }
    const done = await revise(db, { site: site.id, revision }, change, {
      act,
      writes: (d1, version) => [
        writeSite(d1, row, site, version, change),
        ...writeRows(d1, site.id, rows, rowsOf(configuration, version, change)),
      ],
    })
    return done ? ok(revision + 1) : undefined
  })
}

function writeSite(
  d1: DrizzleD1Database,
  row: SiteRow | undefined,
  site: Configuration['site'],
  version: number,
  { by, at }: Change,
) {
  const doc = JSON.stringify(site)
  const stamp = row?.doc === doc ? {} : { doc, version, updatedAt: at, updatedBy: by }
  return d1
    .insert(sites)
    .values({ id: site.id, doc, revision: version, version, updatedAt: at, updatedBy: by })
    .onConflictDoUpdate({ target: sites.id, set: { revision: version, ...stamp } })
}

function rowsOf(configuration: Configuration, version: number, { by, at }: Change): DraftRow[] {
  return KINDS.flatMap((kind) =>
    configuration[kind].map((thing, place) => ({
      ...{ site: configuration.site.id, kind, id: thing.id, place, doc: JSON.stringify(thing) },
      ...{ version, updatedAt: at, updatedBy: by },
    })),
  )
}

function writeRows(
  d1: DrizzleD1Database,
  site: string,
  before: readonly DraftRow[],
  after: readonly DraftRow[],
) {
  const old = new Map(before.map((row) => [nameOf(row), row]))
  const rows = after.map((row) => {
    const same = old.get(nameOf(row))
    return same?.doc === row.doc ? { ...same, place: row.place } : row
  })
  const kept = new Set(rows.filter((row) => isSame(row, old.get(nameOf(row)))).map(nameOf))
  const gone = [...old.keys()].filter((name) => !kept.has(name))
  const changed = rows.filter((row) => !kept.has(nameOf(row)))
  const name = sql`${drafts.kind} || '/' || ${drafts.id}`
  return [
    // One parameter for all of them: a statement takes 100 at most.
    d1
      .delete(drafts)
      .where(
        and(
          eq(drafts.site, site),
          sql`${name} in (select value from json_each(${JSON.stringify(gone)}))`,
        ),
      ),
    ...chunks(changed, ROWS_PER_STATEMENT).map((part) => d1.insert(drafts).values(part)),
  ]
}

function isSame(row: DraftRow, old: DraftRow | undefined): boolean {
  return old?.version === row.version && old.place === row.place
}

function nameOf({ kind, id }: Pick<DraftRow, 'kind' | 'id'>): string {
  return `${kind}/${id}`
}

/** D1 takes 100 bound parameters a statement; a draft row has eight. */
const ROWS_PER_STATEMENT = 12

function chunks<T>(list: readonly T[], size: number): T[][] {
  const count = Math.ceil(list.length / size)
  return Array.from({ length: count }, (_, n) => list.slice(n * size, (n + 1) * size))
}
