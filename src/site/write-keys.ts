import { drizzle } from 'drizzle-orm/d1'
import { writeKeys } from '../db/schema.ts'
import { hashOf } from './bundle-store.ts'
import { type Background, createKept, type Kept } from './kept.ts'

/** 256 random bits, marked as ours so that scanners of leaked secrets can find them. */
const PATTERN = /^svk_[\w-]{43}$/

/** Hash of a key → its site. */
type KnownKeys = ReadonlyMap<string, string>

let known: Kept<KnownKeys> | undefined

/** A new key works, and a deleted one stops working, everywhere within 5 s. */
const FRESHNESS = {
  fresh: 2_000,
  stale: 5_000,
  patience: 1_000,
  firstPatience: 5_000,
  rest: 1_000,
} as const

/** Whether a text can be a write key at all. */
export function isWriteKey(text: string): boolean {
  return PATTERN.test(text)
}

/** Whether a key opens a site's door. Rejects when the keys were never read and cannot be read now. */
export async function opensSite(
  key: string,
  site: string,
  env: Env,
  background: Background,
): Promise<boolean> {
  if (!isWriteKey(key)) return false
  known ??= createKept({ load: () => readKeys(env.DB), ...FRESHNESS })
  const keys = await known.get(Date.now(), background)
  // More entropy than anybody can search: a plain hash tells nothing of the key.
  return keys.get(await hashOf(key)) === site
}

async function readKeys(db: D1Database): Promise<KnownKeys> {
  const rows = await drizzle(db)
    .select({ hash: writeKeys.hash, site: writeKeys.site })
    .from(writeKeys)
  return new Map(rows.map(({ hash, site }) => [hash, site]))
}
