import { and, eq, isNull, lt } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { calls } from './schema.ts'

/** Ms for which an answer is kept. */
const KEPT_MS = 86_400_000

/** Ms after which a call that has no answer is taken for one that broke off. */
const BROKEN_MS = 60_000

/** An answer, as it is given again. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What becomes of a call that names a key. */
export type Claim =
  /** Nobody did it yet: it is to be done now, and then to be kept or released. */
  | { readonly kind: 'new' }
  | { readonly kind: 'done'; readonly answer: Answered }
  | { readonly kind: 'running' }
  /** The key stands for something else. */
  | { readonly kind: 'other' }

interface Call {
  readonly key: string
  readonly fingerprint: string
  /** Epoch ms. */
  readonly at: number
}

/** Takes a key, unless it is taken; what is long past goes. */
export async function claimCall(db: D1Database, call: Call): Promise<Claim> {
  const d1 = drizzle(db)
  const stale = and(eq(calls.key, call.key), lt(calls.at, call.at - BROKEN_MS))
  const [, , inserted] = await d1.batch([
    d1.delete(calls).where(lt(calls.at, call.at - KEPT_MS)),
    d1.delete(calls).where(and(stale, isNull(calls.status))),
    d1.insert(calls).values(call).onConflictDoNothing().returning({ key: calls.key }),
  ])
  if (inserted.length > 0) return { kind: 'new' }
  const [row] = await d1.select().from(calls).where(eq(calls.key, call.key))
  if (!row || row.fingerprint !== call.fingerprint) return { kind: row ? 'other' : 'running' }
  const { status, headers, body } = row
  if (status === null) return { kind: 'running' }
  return { kind: 'done', answer: { status, headers: JSON.parse(headers), body } }
}

/** Keeps what was answered. */
export async function keepAnswer(db: D1Database, key: string, answer: Answered): Promise<void> {
  const { status, headers, body } = answer
  const set = { status, headers: JSON.stringify(headers), body }
  await drizzle(db).update(calls).set(set).where(eq(calls.key, key))
}

/** Nothing was done: the key is free again. */
export async function releaseCall(db: D1Database, key: string): Promise<void> {
  await drizzle(db).delete(calls).where(eq(calls.key, key))
}
