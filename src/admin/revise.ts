import { eq } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import { type Act, type Change, logged } from '../db/change-log.ts'
import { sites } from '../db/schema.ts'

/** Times that a change is tried again when another got in first: more are no coincidence. */
const MOST_TRIES = 5

/** What a revision consists of, beside the number that it takes. */
export interface Revision {
  readonly act: Act
  readonly writes: (d1: DrizzleD1Database, version: number) => readonly BatchItem<'sqlite'>[]
}

/**
 * Makes the revision after `revision` of a site's draft: the log, the number and all writes, or
 * nothing. False where somebody else has made it, so that what it was decided from is not so any more.
 */
export async function revise(
  db: D1Database,
  { site, revision }: { readonly site: string; readonly revision: number },
  change: Change,
  { act, writes }: Revision,
): Promise<boolean> {
  const d1 = drizzle(db)
  const version = revision + 1
  try {
    await d1.batch([
      logged(d1, change, { ...act, site, version }),
      d1.update(sites).set({ revision: version }).where(eq(sites.id, site)),
      ...writes(d1, version),
    ])
    return true
  } catch (error) {
    if (isOvertaken(error)) return false
    throw error
  }
}

/** Decides and writes anew until nobody gets in between. */
export async function untilDone<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const done = await attempt()
    if (done !== undefined) return done
  }
  throw new Error('Others change this draft all the time.')
}

function isOvertaken(error: unknown): boolean {
  const { message, cause } = error instanceof Error ? error : new Error(String(error))
  return /UNIQUE constraint failed: change_log\./.test(`${message} ${String(cause)}`)
}
