import { type Answer, call, sitePath } from '../call.ts'
import type { Sample } from './sample.ts'

/** A signed address that works for a while. */
export interface SignedLink {
  readonly url: string
  /** Epoch ms, or ISO 8601. */
  readonly expiresAt: number | string
}

export interface PreviewWish {
  readonly of: 'draft' | number
  readonly path: string
  readonly visitor: Sample
  /** Experience → variant that is to be shown in it. */
  readonly variants?: Readonly<Record<string, string>>
  readonly minutes?: number
}

export function openPreview(site: string, wish: PreviewWish): Answer<SignedLink> {
  return call('POST', sitePath(site, 'previews'), wish)
}

/** The site's page with the slot picker in it. */
export function openPick(site: string, path: string): Answer<SignedLink> {
  return call('POST', sitePath(site, 'picks'), { path })
}
