import { and, desc, eq, gt, lt, lte, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { PageRecord } from '../model/page-record.ts'
import { decisionLog } from './schema.ts'

/** Pages of a site that are kept, and how long: what is older or more goes with the next write. */
const MOST_PAGES = 10_000
const KEEP_MS = 30 * 86_400_000

/** Pages that are read at once. */
const AT_ONCE = 100

const { site: siteOf, seq, at } = decisionLog

/** Adds one page to a site's log, and takes out what is too old or too much in the same transaction. */
export async function logPage(db: D1Database, site: string, record: PageRecord): Promise<void> {
  const d1 = drizzle(db)
  const newest = sql<number>`(SELECT coalesce(max(seq), 0) FROM decision_log WHERE site = ${site})`
  const row = { site, at: record.at, bundle: record.bundle, doc: JSON.stringify(record) }
  await d1.batch([
    d1.insert(decisionLog).values({ ...row, seq: sql`${newest} + 1` }),
    d1.delete(decisionLog).where(and(eq(siteOf, site), lte(seq, sql`${newest} - ${MOST_PAGES}`))),
    // Of all sites: one without visitors would keep its last pages for ever.
    d1.delete(decisionLog).where(lt(at, record.at - KEEP_MS)),
  ])
}

/** A page of a log: `seq` is the cursor to what is older. */
export interface LoggedPage extends PageRecord {
  readonly seq: number
}

/** The newest pages of a site's log, or the newest before a cursor. */
export async function readLog(
  db: D1Database,
  site: string,
  { before, now }: { readonly before: number | undefined; readonly now: number },
): Promise<LoggedPage[]> {
  const older = before === undefined ? undefined : lt(seq, before)
  const rows = await drizzle(db)
    .select()
    .from(decisionLog)
    .where(and(eq(siteOf, site), gt(at, now - KEEP_MS), older))
    .orderBy(desc(seq))
    .limit(AT_ONCE)
  return rows.map((row) => ({ seq: row.seq, ...JSON.parse(row.doc) }))
}
