import { toBase64Url } from '../model/base64url.ts'
import { createBreaker } from '../model/breaker.ts'
import { type Claim, nameOfClaim } from '../model/cap.ts'
import { type Back, createDesk, type Desk } from './desk.ts'
import type { AskFor, Refusals } from './settle.ts'
import type { Counted } from './shows.ts'

/** Ms that a page view waits for what it claims, in all, in parallel with the origin. */
export const CLAIMS_DEADLINE_MS = 100

/** For whom a page claims. */
export interface Claimant {
  readonly site: string
  /** The person, where somebody proves to be one, else the visitor; `''` where nobody can be told again. */
  readonly holder: string
  /** Whether the holder was never here before. */
  readonly isNew: boolean
  /** Short names of quotas in which the holder's own cookie says that they have a place. */
  readonly grants: readonly string[]
  /** Epoch ms. */
  readonly now: number
}

/** What page views and objects that are asked need of the platform. */
export interface Behind extends Back {
  /** Counts all as shown, or none: the names of those that are refused. */
  readonly spend: (claims: readonly Counted[]) => Promise<readonly string[]>
}

export type ClaimFault = 'caps_timeout' | 'caps_unavailable'

export interface Claiming {
  readonly places: AskFor
  readonly counted: AskFor
  /** Short names of the quotas in which the holder has a place by now. */
  readonly grants: () => readonly string[]
  /** Why something was refused that perhaps need not have been. */
  readonly fault: () => ClaimFault | undefined
}

/** Claims for one page view. What cannot be had in time, or of nobody, is refused. */
export function claimFor(claimant: Claimant, behind: Behind): Claiming {
  const { site, holder, isNew, now } = claimant
  const grants = new Set(claimant.grants)
  const inTime = within(CLAIMS_DEADLINE_MS)
  let fault: ClaimFault | undefined

  /** Nothing where it could not be asked, or not in time. */
  async function attempt<T>(ask: () => Promise<T>): Promise<T | undefined> {
    if (holder === '') return undefined
    if (!objects.allows(now)) {
      fault ??= 'caps_unavailable'
      return undefined
    }
    try {
      const answer = await inTime(ask())
      objects.succeeded()
      return answer
    } catch (error) {
      objects.failed(now)
      fault ??= error instanceof Late ? 'caps_timeout' : 'caps_unavailable'
      return undefined
    }
  }

  async function hasPlace({ quota, most }: Place): Promise<boolean> {
    const name = await grantName(quota)
    if (grants.has(name)) return true
    const wanted = { quota: `${site}/${quota}`, most, holder, isNew, now }
    const isMine = await attempt(() => deskOfIsolate().claim(wanted, behind))
    if (isMine) grants.add(name)
    return isMine ?? false
  }

  return {
    grants: () => [...grants],
    fault: () => fault,
    async places(claims) {
      const asked = await Promise.all(
        claims.filter(isPlace).map(async (claim) => ({ claim, isMine: await hasPlace(claim) })),
      )
      return namesOf(asked.filter(({ isMine }) => !isMine).map(({ claim }) => claim))
    },
    async counted(claims) {
      const refused = await attempt(() => behind.spend(claims.filter(isCounted)))
      return refused ? new Set(refused) : namesOf(claims)
    },
  }
}

type Place = Extract<Claim, { kind: 'place' }>

const isPlace = (claim: Claim): claim is Place => claim.kind === 'place'
const isCounted = (claim: Claim): claim is Counted => claim.kind !== 'place'

function namesOf(claims: readonly Claim[]): Refusals {
  return new Set(claims.map(nameOfClaim))
}

/** The object did not answer before the page had to be decided. */
class Late extends Error {}

/** One deadline for all that is asked, from the first time on. */
function within(ms: number): <T>(work: Promise<T>) => Promise<T> {
  let over: Promise<never> | undefined
  return (work) => {
    over ??= scheduler.wait(ms).then(() => {
      throw new Late()
    })
    return Promise.race([work, over])
  }
}

/** One for all objects that are asked: when they hang, page views stop waiting for them. */
const objects = createBreaker({ failures: 10, lasting: 0, rest: 5_000 })

let desk: Desk | undefined

/** The isolate's own; its name has to be random, which an isolate can only make with a request. */
function deskOfIsolate(): Desk {
  desk ??= createDesk(crypto.randomUUID())
  return desk
}

const grantNames = new Map<string, string>()

/** 72 bits of SHA-256 in 12 letters: two quotas of one name would share their places. */
async function grantName(quota: string): Promise<string> {
  const known = grantNames.get(quota)
  if (known) return known
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(quota))
  const name = toBase64Url(new Uint8Array(digest).subarray(0, 9))
  grantNames.set(quota, name)
  return name
}
