import { toBase64Url } from '../model/base64url.ts'
import type { Site } from '../model/site.ts'

/** Tells two people apart without writing down who they are: 96 bits of SHA-256, base64url. */
export async function personOf(site: Site, subject: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${site.id}\n${site.jwt?.issuer}\n${subject}`)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return toBase64Url(digest.subarray(0, 12))
}
