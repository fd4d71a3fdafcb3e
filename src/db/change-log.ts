import { and, desc, eq, lt } from 'drizzle-orm'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import { changeLog } from './schema.ts'

/** Who changes something, in which role, and when (epoch ms). */
export interface Change {
  readonly by: string
  readonly role: string
  readonly at: number
}

/** What was done, to what. */
export interface Act {
  /** A verb: `create`, `change`, `delete`, `publish`. */
  readonly action: string
  readonly site?: string
  readonly kind?: string
  readonly id?: string
  /** The revision of the site's draft that it made. */
  readonly version?: number
  /** One line for people; names of things, nothing of a person. */
  readonly summary: string
}

/** The statement that writes it down, for the batch that does it. */
export function logged(d1: DrizzleD1Database, change: Change, act: Act) {
  return d1.insert(changeLog).values({ ...change, ...act })
}

/** Writes down what is about to be done outside of D1: an act may fail, but none goes unlogged. */
export async function logAct(db: D1Database, change: Change, act: Act): Promise<void> {
  await logged(drizzle(db), change, act)
}

export type LogEntry = typeof changeLog.$inferSelect

/** The newest entries before one, of a site or of everything. */
export function readChangeLog(
  db: D1Database,
  {
    site,
    before,
    limit,
  }: { site?: string | undefined; before?: number | undefined; limit: number },
): Promise<LogEntry[]> {
  return drizzle(db)
    .select()
    .from(changeLog)
    .where(
      and(
        site === undefined ? undefined : eq(changeLog.site, site),
        before === undefined ? undefined : lt(changeLog.seq, before),
      ),
    )
    .orderBy(desc(changeLog.seq))
    .limit(limit)
}
