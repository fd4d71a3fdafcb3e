import { toBase64Url } from '../model/base64url.ts'

/** Durable Object location hints by continent (Cloudflare's names); `any` where there is none. */
const REGIONS: Readonly<Record<string, string>> = {
  EU: 'weur',
  NA: 'enam',
  SA: 'sam',
  AS: 'apac',
  OC: 'oc',
  AF: 'afr',
}

const ID = /^(weur|enam|sam|apac|oc|afr|any)-(\d{1,4})-([A-Za-z0-9_-]{22})$/

/**
 * `<region>-<shard>-<128 random bits>`: the object that remembers this visitor is readable from the
 * id, so a later change of the shard count moves nobody.
 */
export function createVisitorId(continent: string, shards: number, random: Uint8Array): string {
  const [first = 0, second = 0] = random
  const shard = (first * 256 + second) % shards
  const tail = toBase64Url(random.subarray(0, 16))
  return `${REGIONS[continent] ?? 'any'}-${shard}-${tail}`
}

/** Name and location hint of the shard that remembers a visitor of a site. */
export function shardOf(site: string, visitor: string): { name: string; hint: string } | undefined {
  const [, region, shard] = ID.exec(visitor) ?? []
  if (!region) return undefined
  return { name: `${site}:${region}:${shard}`, hint: region }
}
