import { decodeJwt } from 'jose'
import * as z from 'zod'
import type { Keyring } from '../model/keys.ts'
import { err, type Result } from '../model/result.ts'
import { SampleSchema } from '../visitor/sample.ts'
import { type LinkRefusal, type OpenLink, openLink } from './link.ts'

/** Links that lead to pages of a site, by the parameter of the address that carries their token. */
export const PAGE_LINKS = { preview: 'sv-preview', pick: 'sv-pick' } as const

export type PageLink = keyof typeof PAGE_LINKS

const ASKS = new RegExp(`[?&](?:${Object.values(PAGE_LINKS).join('|')})=`)

/** Whether an address carries the token of such a link. */
export function asksForLink(url: string): boolean {
  return ASKS.test(url)
}

/** The address with a link's token; the rest of it stays byte for byte as it is. */
export function withToken(
  { origin, pathname, search, hash }: URL,
  purpose: PageLink,
  token: string,
): string {
  const separator = search === '' ? '?' : '&'
  return `${origin}${pathname}${search}${separator}${PAGE_LINKS[purpose]}=${token}${hash}`
}

/** The page that a link leads to, and its token; `''` for none. */
export function withoutToken(
  url: URL,
  purpose: PageLink,
): { readonly page: URL; readonly token: string } {
  const start = `${PAGE_LINKS[purpose]}=`
  const parts = url.search.slice(1).split('&')
  const page = new URL(url)
  page.search = parts.filter((part) => !part.startsWith(start)).join('&')
  return { page, token: parts.find((part) => part.startsWith(start))?.slice(start.length) ?? '' }
}

/** What a token shows, of whichever site: it may be one that is not published yet. */
export async function openPageLink(
  token: string,
  purpose: PageLink,
  ring: Keyring,
  now: number,
): Promise<Result<OpenLink, LinkRefusal>> {
  const site = audienceOf(token)
  return site === undefined ? err('invalid') : openLink(token, { purpose, site }, ring, now)
}

/** Whom a token says it is for, which its signature has yet to prove. */
function audienceOf(token: string): string | undefined {
  try {
    const { aud } = decodeJwt(token)
    return typeof aud === 'string' ? aud : undefined
  } catch {
    return undefined
  }
}

/** What a preview link shows, and whom it takes the visitor for. */
export const PreviewDataSchema = z.object({
  /** Hash of the bundle that is shown. */
  bundle: z.string(),
  visitor: SampleSchema,
  /** Experience → the variant that it shows, whoever looks. */
  variants: z.record(z.string(), z.string()),
  /** Origin of the console that may show it in a frame. */
  console: z.string(),
})

export type PreviewData = z.infer<typeof PreviewDataSchema>

/** Where a page's elements are pointed at. */
export const PickDataSchema = z.object({
  /** Where the site's pages come from, and on which hosts they are shown. */
  origin: z.string(),
  hosts: z.array(z.string()),
  /** Origin of the console that shows the page in a frame, and is told what was picked. */
  console: z.string(),
})

export type PickData = z.infer<typeof PickDataSchema>
