import { and, desc, eq, gt, isNotNull, isNull, lte, max } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { type Act, type Change, logged } from './change-log.ts'
import { changeLog, publications, reviews } from './schema.ts'

export type ReviewRow = typeof reviews.$inferSelect

export type Verdict = 'approved' | 'declined'

/** A site's newest reviews. */
export function listReviews(db: D1Database, site: string, limit: number): Promise<ReviewRow[]> {
  return drizzle(db)
    .select()
    .from(reviews)
    .where(eq(reviews.site, site))
    .orderBy(desc(reviews.id))
    .limit(limit)
}

export async function readReview(
  db: D1Database,
  site: string,
  id: number,
): Promise<ReviewRow | undefined> {
  const [row] = await drizzle(db)
    .select()
    .from(reviews)
    .where(and(eq(reviews.site, site), eq(reviews.id, id)))
  return row
}

/** Asks for a review of a revision of the draft. */
export async function askForReview(
  db: D1Database,
  { site, revision, note }: { site: string; revision: number; note: string },
  change: Change,
): Promise<ReviewRow> {
  const d1 = drizzle(db)
  const { by, at } = change
  const summary = `Asked for a review of revision ${revision}.`
  const [[row]] = await d1.batch([
    d1.insert(reviews).values({ site, revision, note, by, at }).returning(),
    logged(d1, change, { action: 'create', site, kind: 'reviews', summary }),
  ])
  if (!row) throw new Error('A review was left without its number.')
  return row
}

/** Says what came of a review, unless somebody has said so before; nothing then. */
export async function decideReview(
  db: D1Database,
  { id, site, revision }: ReviewRow,
  { verdict, note }: { verdict: Verdict; note: string },
  change: Change,
): Promise<ReviewRow | undefined> {
  const d1 = drizzle(db)
  const act: Act = {
    ...{ action: verdict === 'approved' ? 'approve' : 'decline', site, kind: 'reviews' },
    ...{ id: String(id), summary: `${WORDS[verdict]} revision ${revision}.` },
  }
  const [[row]] = await d1.batch([
    d1
      .update(reviews)
      .set({ verdict, decidedAt: change.at, decidedBy: change.by, decidedNote: note })
      .where(and(eq(reviews.id, id), isNull(reviews.verdict)))
      .returning(),
    logged(d1, change, act),
  ])
  return row
}

const WORDS: Readonly<Record<Verdict, string>> = { approved: 'Approved', declined: 'Declined' }

/** Whether somebody approved this very revision. */
export async function isApproved(db: D1Database, site: string, revision: number): Promise<boolean> {
  const asked = and(eq(reviews.site, site), eq(reviews.revision, revision))
  const [row] = await drizzle(db)
    .select({ id: reviews.id })
    .from(reviews)
    .where(and(asked, eq(reviews.verdict, 'approved')))
    .limit(1)
  return row !== undefined
}

/** Who has changed the draft since it was last published, up to a revision. */
export async function authorsOf(
  db: D1Database,
  site: string,
  revision: number,
): Promise<ReadonlySet<string>> {
  const d1 = drizzle(db)
  // What is made current again was published before: no draft went live by it.
  const ofDrafts = and(eq(publications.site, site), isNull(publications.restores))
  const [last] = await d1
    .select({ at: max(publications.at) })
    .from(publications)
    .where(ofDrafts)
  const rows = await d1
    .selectDistinct({ by: changeLog.by })
    .from(changeLog)
    .where(
      and(
        eq(changeLog.site, site),
        isNotNull(changeLog.version),
        lte(changeLog.version, revision),
        gt(changeLog.at, last?.at ?? 0),
      ),
    )
  return new Set(rows.map(({ by }) => by))
}
