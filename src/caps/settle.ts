import { type Claim, nameOfClaim } from '../model/cap.ts'
import type { Decision } from '../model/decision.ts'

/** Names of the claims that were refused. */
export type Refusals = ReadonlySet<string>

/** Asks for what a page needs; the names of what is refused. What it does not refuse is the page's. */
export type AskFor = (claims: readonly Claim[]) => Promise<Refusals>

export interface Settled {
  readonly decisions: readonly Decision[]
  /** Names of what was refused on the way. */
  readonly closed: Refusals
}

/**
 * Decides a page until it has all that its decisions need: what is refused is closed, and whatever
 * needs it is decided again without it. Each round closes something, so there is an end to it.
 * Places are asked for first, as whoever has one keeps it; page views are counted last, by those
 * decisions only that nothing else has been refused to.
 */
export async function settleClaims(
  decideWith: (closed: Refusals) => readonly Decision[],
  { places, counted }: { readonly places: AskFor; readonly counted: AskFor },
): Promise<Settled> {
  const closed = new Set<string>()
  for (;;) {
    const decisions = decideWith(closed)
    const refused = await firstRefusals(claimsOf(decisions), places, counted)
    if (refused.size === 0) return { decisions, closed }
    for (const name of refused) closed.add(name)
  }
}

async function firstRefusals(
  claims: readonly Claim[],
  places: AskFor,
  counted: AskFor,
): Promise<Refusals> {
  const [wanted, rest] = [
    claims.filter(({ kind }) => kind === 'place'),
    claims.filter(({ kind }) => kind !== 'place'),
  ]
  const refused = wanted.length > 0 ? await places(wanted) : NONE
  return refused.size > 0 || rest.length === 0 ? refused : counted(rest)
}

const NONE: Refusals = new Set()

/** What the decisions of a page need, each claim once. */
function claimsOf(decisions: readonly Decision[]): Claim[] {
  const all = decisions.flatMap(({ claims = [] }) => claims)
  return [...new Map(all.map((claim) => [nameOfClaim(claim), claim])).values()]
}
