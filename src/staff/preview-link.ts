import * as z from 'zod'
import { SampleSchema } from '../visitor/sample.ts'

/** The parameter of a page's address that carries a preview link's token. */
export const PREVIEW_PARAMETER = 'sv-preview'

/** An address as a preview; the rest of it stays byte for byte as it is. */
export function withPreview({ origin, pathname, search, hash }: URL, token: string): string {
  const separator = search === '' ? '?' : '&'
  return `${origin}${pathname}${search}${separator}${PREVIEW_PARAMETER}=${token}${hash}`
}

/** The address behind a preview, and its token. */
export function withoutPreview(url: URL): { readonly page: URL; readonly token: string } {
  const page = new URL(url)
  const isOurs = (part: string) => part.startsWith(`${PREVIEW_PARAMETER}=`)
  const parts = url.search.slice(1).split('&')
  const rest = parts.filter((part) => !isOurs(part)).join('&')
  page.search = rest
  return { page, token: parts.find(isOurs)?.slice(PREVIEW_PARAMETER.length + 1) ?? '' }
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
