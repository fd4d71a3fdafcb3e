/** A visitor to look through; what is not said is as for somebody who is new. */
export interface Sample {
  readonly tier?: 0 | 1 | 2
  readonly returning?: boolean
  readonly visits?: number
  readonly signedIn?: boolean
  readonly user?: Readonly<Record<string, string | number | boolean>>
  readonly country?: string
  readonly region?: string
  readonly city?: string
  readonly device?: 'phone' | 'tablet' | 'desktop'
  readonly language?: string
  readonly referrer?: string
  readonly campaign?: { readonly source: string; readonly medium: string; readonly name: string }
  readonly path?: string
  /** ISO 8601. */
  readonly at?: string
  /** What is known of them, by path. */
  readonly profile?: Readonly<Record<string, unknown>>
}

/** Visitors to begin with. */
export const SAMPLES: Readonly<
  Record<string, { readonly label: string; readonly sample: Sample }>
> = {
  new: {
    label: 'Somebody new',
    sample: { tier: 2, returning: false, visits: 1, signedIn: false, device: 'desktop' },
  },
  returning: {
    label: 'Somebody who comes back',
    sample: { tier: 2, returning: true, visits: 5, signedIn: false, device: 'desktop' },
  },
  member: {
    label: 'A signed-in customer',
    sample: { tier: 2, returning: true, visits: 12, signedIn: true, device: 'phone' },
  },
  declined: {
    label: 'Somebody who allows nothing',
    sample: { tier: 0, returning: false, visits: 1, signedIn: false, device: 'phone' },
  },
}
