import type { PersonClaim } from '../events/links.ts'
import type { Bundle } from '../model/bundle.ts'
import { personOf } from '../visitor/person.ts'
import type { CookieState } from '../visitor/sealed-cookie.ts'

/** Who a visitor is, as far as the sign-in that the cookie carries and the page say. */
export interface Whose {
  readonly people: readonly PersonClaim[]
  /** Whom the page says that it is, where the site takes its word for it. */
  readonly said?: string
}

/** A page names one user or two, not a crowd. */
const MOST_CLAIMS = 4

/**
 * What a page says of who is there is a claim that anybody can make; a site may take its word for it
 * (`"identify": "join"`) where nobody has proven to be somebody. Of several the last one counts.
 */
export async function whoseIs(
  { user, said: before }: Pick<CookieState, 'user' | 'said'>,
  userIds: ReadonlySet<string>,
  { site }: Bundle,
): Promise<Whose> {
  const named = [...userIds].slice(-MOST_CLAIMS)
  const claimed = await Promise.all(named.map((id) => personOf(site, id)))
  const said = site.identify === 'join' && user === '' ? (claimed.at(-1) ?? before) : undefined
  const known = user || said
  return {
    people: [
      ...(known ? [{ person: known, proven: true }] : []),
      ...claimed.filter((one) => one !== known).map((one) => ({ person: one, proven: false })),
    ],
    ...(said && { said }),
  }
}
