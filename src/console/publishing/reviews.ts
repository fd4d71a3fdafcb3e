import { type Answer, call, sitePath } from '../call.ts'

export type ReviewState = 'open' | 'outdated' | 'approved' | 'declined'

/** A draft that somebody was asked to look at. */
export interface Review {
  readonly id: number
  /** Epoch ms. */
  readonly at: number
  readonly by: string
  readonly note: string
  readonly state: ReviewState
  readonly decidedAt?: number
  readonly decidedBy?: string
  readonly decidedNote?: string
}

export interface Reviews {
  readonly items: readonly Review[]
  /** The site publishes nothing without an approval. */
  readonly required: boolean
  /** The draft, as it is now, has one. */
  readonly approved: boolean
  /** Who has changed the draft since it was last published. */
  readonly authors: readonly string[]
}

export function readReviews(site: string): Answer<Reviews> {
  return call('GET', sitePath(site, 'reviews'))
}

export function askForReview(site: string, note: string): Answer<Review> {
  return call('POST', sitePath(site, 'reviews'), { note })
}

export function decideReview(
  site: string,
  id: number,
  verdict: 'approve' | 'decline',
  note: string,
): Answer<Review> {
  return call('POST', sitePath(site, 'reviews', String(id), verdict), { note })
}

/** Whether somebody may approve a draft: only who has no part in it. */
export function mayApprove({ authors }: Reviews, { by }: Review, who: string): boolean {
  return by !== who && !authors.includes(who)
}
