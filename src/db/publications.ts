import { and, desc, eq, lt } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { publications } from './schema.ts'

export type Publication = typeof publications.$inferSelect

/** A site's publications before a number, the newest first. */
export async function listPublications(
  db: D1Database,
  site: string,
  { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
): Promise<Publication[]> {
  return drizzle(db)
    .select()
    .from(publications)
    .where(and(eq(publications.site, site), lt(publications.seq, before)))
    .orderBy(desc(publications.seq))
    .limit(limit)
}

export async function readPublication(
  db: D1Database,
  site: string,
  seq: number,
): Promise<Publication | undefined> {
  const whose = and(eq(publications.site, site), eq(publications.seq, seq))
  const [row] = await drizzle(db).select().from(publications).where(whose)
  return row
}
