import { and, desc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { imports } from './schema.ts'

export type ImportRecord = typeof imports.$inferSelect

/** Imports of a site that are listed. */
const AT_ONCE = 100

export async function beginImport(db: D1Database, record: ImportRecord): Promise<void> {
  await drizzle(db).insert(imports).values(record)
}

/** How far an import has come; `finished` once all of it was read. */
export async function noteImport(
  db: D1Database,
  { site, id, ...progress }: Pick<ImportRecord, 'site' | 'id' | 'rows' | 'bad' | 'finished'>,
): Promise<void> {
  await drizzle(db)
    .update(imports)
    .set(progress)
    .where(and(eq(imports.site, site), eq(imports.id, id)))
}

/** A site's imports, the newest first. */
export async function listImports(db: D1Database, site: string): Promise<ImportRecord[]> {
  return drizzle(db)
    .select()
    .from(imports)
    .where(eq(imports.site, site))
    .orderBy(desc(imports.at))
    .limit(AT_ONCE)
}
