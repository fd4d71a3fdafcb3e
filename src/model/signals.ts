/** What one request tells by itself: usable for anybody, stored for nobody. */
export interface Signals {
  /** ISO 3166-1 alpha-2, upper case; `''` when unknown. */
  readonly country: string
  /** Region code as the platform gives it, such as `AB`; `''` when unknown. */
  readonly region: string
  readonly city: string
  /** Two-letter continent code, upper case; `''` when unknown. */
  readonly continent: string
  readonly device: Device
  /** The visitor's first preferred language, lower case, such as `sv` or `en-gb`. */
  readonly language: string
  /** Host of the referring page when it is another site, else `''`. */
  readonly referrer: string
  readonly campaign: Campaign
  /** Hour of day 0–23 in the visitor's zone (the site's when that is unknown). */
  readonly hour: number
  /** Day of week, 0 = Sunday, in the same zone. */
  readonly weekday: number
  /** Calendar day in the same zone: `2026-11-26`. */
  readonly date: string
  /** Path of the page, as the platform normalised it. */
  readonly path: string
  /** A crawler, monitor or library rather than a person. */
  readonly bot: boolean
  /** The browser fetches ahead (`Sec-Purpose: prefetch` or `prerender`): perhaps nobody looks. */
  readonly prefetch: boolean
}

export type Device = 'phone' | 'tablet' | 'desktop'

/** The `utm_*` parameters of the link that led here; absent ones are `''`. */
export interface Campaign {
  readonly source: string
  readonly medium: string
  readonly name: string
}

export const NO_CAMPAIGN: Campaign = { source: '', medium: '', name: '' }
