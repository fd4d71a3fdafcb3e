import { asc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { bundles } from '../db/schema.ts'
import { type Bundle, type BundleDocument, openBundle, READABLE_FORMATS } from '../model/bundle.ts'
import { err, ok, type Result } from '../model/result.ts'

export type BundleFault = 'bundle_missing' | 'bundle_corrupt' | 'bundle_format'

/** Immutable, so a location may keep it as long as it likes. */
const KEEP_SECONDS = 86_400

/** D1 rows hold 2 MB; bundles are written in ASCII, so characters are bytes. */
export const PART_LENGTH = 1_500_000

/** SHA-256 of a bundle's bytes, hex: its name. */
export async function hashOf(body: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Reads a published bundle: this location's cache first, then D1. The hash proves its bytes. */
export async function readBundle(
  hash: string,
  db: D1Database,
  cache: Cache,
): Promise<Result<Bundle, BundleFault>> {
  const key = `https://bundle.selvedge.internal/${hash}`
  // A cache that fails is as good as an empty one.
  const kept = await cache.match(key).catch(() => undefined)
  if (kept) {
    const opened = await openBody(await kept.text(), hash)
    if (opened.ok) return opened
  }
  const body = await readBody(hash, db)
  const opened = await openBody(body, hash)
  if (opened.ok) {
    const headers = { 'cache-control': `max-age=${KEEP_SECONDS}` }
    await cache.put(key, new Response(body, { headers })).catch(() => undefined)
  }
  return opened
}

/** The text that is kept under a hash; `''` for none. */
export async function readBody(hash: string, db: D1Database): Promise<string> {
  const parts = await drizzle(db)
    .select({ body: bundles.body })
    .from(bundles)
    .where(eq(bundles.hash, hash))
    .orderBy(asc(bundles.part))
  return parts.map((part) => part.body).join('')
}

/** Its own name is the proof that this is what publish compiled, so nothing is validated again. */
async function openBody(body: string, hash: string): Promise<Result<Bundle, BundleFault>> {
  if (body === '') return err('bundle_missing')
  if ((await hashOf(body)) !== hash) return err('bundle_corrupt')
  const document: BundleDocument = JSON.parse(body)
  if (!READABLE_FORMATS.includes(document.format)) return err('bundle_format')
  return ok(openBundle(document, hash))
}
