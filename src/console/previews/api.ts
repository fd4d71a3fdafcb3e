import type { Sample } from '../audiences/sample.ts'
import { type Answer, call, sitePath } from '../call.ts'

/** Which page is to be shown, of what, to whom, and for how long. */
export interface PreviewWish {
  readonly of: 'draft' | number
  readonly path: string
  readonly visitor: Sample
  /** Experience → variant that is shown whoever looks. */
  readonly variants: Readonly<Record<string, string>>
  readonly minutes: number
}

export interface PreviewLink {
  readonly url: string
  /** Epoch ms. */
  readonly expiresAt: number
}

export function makePreview(site: string, wish: PreviewWish): Answer<PreviewLink> {
  return call('POST', sitePath(site, 'previews'), wish)
}
