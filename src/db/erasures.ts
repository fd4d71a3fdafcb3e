import { and, desc, eq, inArray } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { erasures } from './schema.ts'

/** That somebody was erased, and how much: it names nobody. `left` is what a search found afterwards. */
export interface ErasureReceipt {
  readonly id: string
  /** Epoch ms. */
  readonly at: number
  readonly by: string
  /** Can be worked out again by the deployment's key from who it was, and from nothing else. */
  readonly fingerprint: string
  /** Rows by store. */
  readonly erased: Readonly<Record<string, number>>
  readonly left: 0
}

const MOST_LISTED = 100

export async function keepReceipt(
  db: D1Database,
  site: string,
  receipt: ErasureReceipt,
): Promise<void> {
  const { left: _, erased, ...row } = receipt
  await drizzle(db)
    .insert(erasures)
    .values({ ...row, site, erased: JSON.stringify(erased) })
}

/** A site's receipts, the newest first: all of them, the one of an id, or those of one fingerprint. */
export async function readReceipts(
  db: D1Database,
  site: string,
  which: { readonly id?: string; readonly fingerprints?: readonly string[] } = {},
): Promise<ErasureReceipt[]> {
  const rows = await drizzle(db)
    .select()
    .from(erasures)
    .where(
      and(
        eq(erasures.site, site),
        which.id === undefined ? undefined : eq(erasures.id, which.id),
        which.fingerprints && inArray(erasures.fingerprint, [...which.fingerprints]),
      ),
    )
    .orderBy(desc(erasures.at))
    .limit(MOST_LISTED)
  return rows.map(({ site: _, erased, ...row }) => ({
    ...row,
    erased: JSON.parse(erased),
    left: 0,
  }))
}
