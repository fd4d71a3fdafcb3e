import * as z from 'zod'

/** How often an experience may be shown. */
export const CapSchema = z
  .strictObject({
    /** Different people who may ever be shown it: the size of a campaign's group. */
    people: z.int().min(1).max(1e9).optional(),
    /** Page views of one person within so many hours. */
    perPerson: z
      .strictObject({
        times: z.int().min(1).max(1000),
        hours: z
          .number()
          .min(1 / 60)
          .max(24 * 90),
      })
      .optional(),
  })
  .refine(({ people, perPerson }) => people !== undefined || perPerson !== undefined, {
    error: 'say how many people, or how often per person',
  })

export type Cap = z.infer<typeof CapSchema>

/**
 * Something that has to be asked for before it is shown, as there is only so much of it. Whoever is
 * refused, or gets no answer in time, is shown something else.
 */
export type Claim =
  /** One of `most` places, each for one person for good: a campaign's group, or an offer's stock. */
  | { readonly kind: 'place'; readonly quota: string; readonly most: number }
  /** One of `times` page views of a person within `window` ms. */
  | {
      readonly kind: 'frequency'
      readonly cap: string
      readonly times: number
      readonly window: number
    }
  /** To be the only campaign that addresses a person within `window` ms. */
  | {
      readonly kind: 'addressed'
      readonly policy: string
      readonly campaign: string
      readonly window: number
    }

/** A claim's name, by which it is closed or open. */
export function nameOfClaim(claim: Claim): string {
  switch (claim.kind) {
    case 'place':
      return claim.quota
    case 'frequency':
      return `frequency/${claim.cap}`
    case 'addressed':
      return `addressed/${claim.policy}/${claim.campaign}`
  }
}

/** The quota of an experience's group, or of an offer's stock. */
export function quotaOf(kind: 'group' | 'stock', id: string): string {
  return `${kind}/${id}`
}

/** How a quota's places stand. `most = taken + leased + lost + free`. */
export interface QuotaUse {
  readonly quota: string
  readonly most: number
  /** People who have a place. */
  readonly taken: number
  /** Places that edges hold ready at this moment. */
  readonly leased: number
  /** Places of edges that ended without a word: whether they were used is not known, so they count as used. */
  readonly lost: number
  readonly free: number
}
