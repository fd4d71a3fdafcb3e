import { and, asc, desc, eq, lte } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { type Change, logged } from './change-log.ts'
import { schedule } from './schema.ts'

export type Scheduled = typeof schedule.$inferSelect

/** What became of it. */
export type ScheduleState = 'waiting' | 'done' | 'failed' | 'cancelled'

/** A site's scheduled publications, the latest first. */
export function listScheduled(db: D1Database, site: string, limit: number): Promise<Scheduled[]> {
  return drizzle(db)
    .select()
    .from(schedule)
    .where(eq(schedule.site, site))
    .orderBy(desc(schedule.at), desc(schedule.id))
    .limit(limit)
}

/** Those whose time has come, in their order. */
export function listDue(db: D1Database, site: string, now: number): Promise<Scheduled[]> {
  const due = and(eq(schedule.site, site), eq(schedule.state, 'waiting'), lte(schedule.at, now))
  return drizzle(db).select().from(schedule).where(due).orderBy(asc(schedule.at), asc(schedule.id))
}

/** When the next of them is due; epoch ms, or nothing. */
export async function nextDue(db: D1Database, site: string): Promise<number | undefined> {
  const [row] = await drizzle(db)
    .select({ at: schedule.at })
    .from(schedule)
    .where(and(eq(schedule.site, site), eq(schedule.state, 'waiting')))
    .orderBy(asc(schedule.at))
    .limit(1)
  return row?.at
}

export async function addScheduled(
  db: D1Database,
  row: Pick<Scheduled, 'site' | 'at' | 'hash' | 'configuration' | 'note'>,
  change: Change,
): Promise<Scheduled> {
  const d1 = drizzle(db)
  const { by, role, at: madeAt } = change
  const summary = `Will publish ${row.hash} at ${new Date(row.at).toISOString()}.`
  const [[added]] = await d1.batch([
    d1
      .insert(schedule)
      .values({ ...row, by, role, madeAt })
      .returning(),
    logged(d1, change, { action: 'create', site: row.site, kind: 'scheduled', summary }),
  ])
  if (!added) throw new Error('A scheduled publication was left without its number.')
  return added
}

/** Settles what was waiting; false for what no longer was, or never. */
export async function settleScheduled(
  db: D1Database,
  { id, site }: Pick<Scheduled, 'id' | 'site'>,
  { state, detail = '' }: { state: Exclude<ScheduleState, 'waiting'>; detail?: string },
): Promise<boolean> {
  const waiting = and(eq(schedule.id, id), eq(schedule.site, site), eq(schedule.state, 'waiting'))
  const rows = await drizzle(db)
    .update(schedule)
    .set({ state, detail })
    .where(waiting)
    .returning({ id: schedule.id })
  return rows.length > 0
}
