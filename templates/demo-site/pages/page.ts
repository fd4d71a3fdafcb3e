import type { Basket } from '../basket.ts'
import type { Markup } from '../markup.ts'
import type { Member } from '../members.ts'

/** What a visitor answered in the consent banner. */
export type Consent = 'profile' | 'measure' | 'none'

export const CONSENTS: readonly Consent[] = ['profile', 'measure', 'none']

/** What a page may know of the request it answers. */
export interface Visit {
  readonly path: string
  readonly member?: Member
  readonly basket: Basket
  readonly consent?: Consent
  /** Number and total (kronor) of the order just placed. */
  readonly order?: { readonly number: string; readonly total: number }
}

/** A page without the frame that all pages share. */
export interface Page {
  readonly title: string
  readonly description: string
  /** What the page is about; the beacon reports it with the page view. */
  readonly category?: string
  readonly main: Markup
}

export type Template = (visit: Visit) => Page
