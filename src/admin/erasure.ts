import { type ErasureReceipt, keepReceipt } from '../db/erasures.ts'
import { toBase64Url } from '../model/base64url.ts'
import type { Keyring } from '../model/keys.ts'
import type { Site } from '../model/site.ts'
import { countRows, eraseWhole, readWhole, type Whom } from './whole-person.ts'

/** Something came in while everything was erased, again and again. */
export class NotErased extends Error {}

/** What comes in meanwhile is erased by another round. */
const ROUNDS = 3

interface Order {
  readonly by: string
  readonly now: number
  readonly ring: Keyring
}

/**
 * Erases somebody from every store, searches again, and keeps the receipt once nothing is found. Rejects
 * otherwise; whatever was done by then, the same call goes on from there.
 */
export async function erase(
  env: Env,
  site: Site,
  whom: Whom,
  { by, now, ring }: Order,
): Promise<ErasureReceipt> {
  const before = await readWhole(env, site, whom)
  const erased = countRows(before)
  let found = before
  for (let round = 0; round < ROUNDS; round++) {
    await eraseWhole(env, site, found)
    // The browsers are not found by their person any more: each is looked at by its own id.
    const browsers = before.browsers.map(({ visitor }) => readWhole(env, site, { visitor }))
    const [again, ...others] = await Promise.all([readWhole(env, site, whom), ...browsers])
    found = { ...again, browsers: [...again.browsers, ...others.flatMap((one) => one.browsers)] }
    if (Object.values(countRows(found)).some((count) => count > 0)) continue
    const [fingerprint = ''] = await fingerprintsOf(site, whom, ring)
    const receipt = { id: crypto.randomUUID(), at: now, by, fingerprint, erased, left: 0 } as const
    await keepReceipt(env.DB, site.id, receipt)
    return receipt
  }
  throw new NotErased(`Rows were left after ${ROUNDS} rounds.`)
}

/** What receipts may say of who was erased, by each key that may have said it, the newest first. */
export function fingerprintsOf(site: Site, whom: Whom, ring: Keyring): Promise<string[]> {
  const bytes = new TextEncoder().encode(JSON.stringify([site.id, whom]))
  return Promise.all(
    ring.map(async ({ key }) =>
      toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes))),
    ),
  )
}
