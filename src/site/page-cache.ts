import type { Outline } from '../model/skeleton.ts'
import { type Terms, varyOf } from './freshness.ts'
import type { KeptPage } from './shelf.ts'

/** A location's cache is asked this long, in ms; then the origin is. */
const PATIENCE_MS = 25

/** How long a page stays that its origin has to confirm each time, in seconds. */
const CONFIRMED_SECONDS = 3_600

/** What stands before a page's bytes. */
interface Head {
  readonly headers: readonly [string, string][]
  readonly terms: Terms
  readonly outline: Outline
}

/** A page that another isolate of this location has kept. */
export async function readPage(
  cache: Cache,
  { key }: { readonly key: string },
): Promise<KeptPage | undefined> {
  const late = scheduler.wait(PATIENCE_MS).then(() => undefined)
  const response = await Promise.race([nameOf(key).then((name) => cache.match(name)), late])
  return response && unpack(new Uint8Array(await response.arrayBuffer()))
}

/** Keeps a page for this location's other isolates. One that varies is not: nothing tells them apart. */
export async function writePage(
  cache: Cache,
  { key }: { readonly key: string },
  page: KeptPage,
): Promise<void> {
  if (varyOf(page.skeleton.headers).length > 0) return
  const { lifetime, whileRevalidate, ifError, etag } = page.terms
  const ms = lifetime + Math.max(whileRevalidate, ifError)
  const seconds = Math.ceil(ms / 1000) + (etag ? CONFIRMED_SECONDS : 0)
  const headers = { 'cache-control': `max-age=${seconds}` }
  await cache.put(await nameOf(key), new Response(pack(page), { headers }))
}

/** A cache's keys are URLs, and may not be as long as a page's. */
async function nameOf(key: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key))
  return `https://page.selvedge.internal/${new Uint8Array(digest).toHex()}`
}

const LENGTH_BYTES = 4

/** The head's length, the head, the page. */
function pack({ skeleton: { bytes, headers, outline }, terms }: KeptPage): Uint8Array {
  const head: Head = { headers: [...headers], terms, outline }
  const text = new TextEncoder().encode(JSON.stringify(head))
  const packed = new Uint8Array(LENGTH_BYTES + text.length + bytes.length)
  new DataView(packed.buffer).setUint32(0, text.length)
  packed.set(text, LENGTH_BYTES)
  packed.set(bytes, LENGTH_BYTES + text.length)
  return packed
}

function unpack(packed: Uint8Array): KeptPage {
  const start = LENGTH_BYTES + new DataView(packed.buffer).getUint32(0)
  const text = new TextDecoder().decode(packed.subarray(LENGTH_BYTES, start))
  const { headers, terms, outline }: Head = JSON.parse(text)
  const skeleton = { bytes: packed.slice(start), headers: new Headers(headers), outline }
  return { skeleton, terms }
}
