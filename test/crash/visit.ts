import { BROWSER, type Client } from '../faults/client.ts'
import { ownCookie } from '../faults/people.ts'
import { between } from '../faults/random.ts'

type Step = 'delivered' | 'survived' | 'seen' | 'clicked'

export interface Exposure {
  readonly experience: string
  readonly arm: string
}

/** Something that happened, in the words of the book. */
export interface Happening {
  readonly id: string
  /** Epoch ms. */
  readonly at: number
  readonly what:
    | { readonly kind: 'step'; readonly index: number; readonly step: Step }
    | { readonly kind: 'paid'; readonly worth: number }
    | { readonly kind: 'thanks' }
    | { readonly kind: 'looked' }
}

/** One browser's visit: a real page, and all that it will report of it. */
export interface Visit {
  readonly name: string
  readonly cookie: string
  readonly token: string
  readonly exposures: readonly Exposure[]
  readonly happenings: readonly Happening[]
}

const HOUR = 3_600_000

/** Asks for a page as a new visitor, and makes up what they do there; nothing when no page came. */
export async function beginVisit(
  client: Client,
  name: string,
  random: () => number,
): Promise<Visit | undefined> {
  const page = await client.ask({ path: '/p/small', headers: { cookie: CONSENT } })
  const sv = ownCookie(page.headers)
  const payload = /data-sv='(\{[^']*\})'/.exec(page.body.toString())?.[1]
  if (!page.complete || sv === '' || payload === undefined) return undefined
  const { t: token }: { t: string } = JSON.parse(payload)
  const exposures = exposuresIn(token)
  // All of it lies an hour back, as the edge takes no time later than its own.
  const begin = Date.now() - HOUR
  const happenings = shuffled(happeningsOf(exposures, { name, begin, random }), random)
  return { name, cookie: `${CONSENT}; ${sv}`, token, exposures, happenings }
}

const CONSENT = 'consent=profile'

function exposuresIn(token: string): Exposure[] {
  const [, payload = ''] = token.split('.')
  const [, rows]: [number, [string, number, string, string][]] = JSON.parse(
    Buffer.from(payload, 'base64url').toString(),
  )
  return rows.map(([experience, , , arm]) => ({ experience, arm }))
}

interface Making {
  readonly name: string
  readonly begin: number
  readonly random: () => number
}

/** How likely each step is, and how long after the page it comes. */
const STEPS = [
  { step: 'delivered', chance: 0.95, after: 0 },
  { step: 'survived', chance: 0.8, after: 2_000 },
  { step: 'seen', chance: 0.7, after: 3_000 },
  { step: 'clicked', chance: 0.2, after: 10_000 },
] as const

function happeningsOf(exposures: readonly Exposure[], making: Making): Happening[] {
  const { name, begin, random } = making
  const some = (most: number) => Array.from({ length: between(random, 0, most + 1) }, (_, n) => n)
  const id = (kind: string, n: number) => `${name}-${kind}-${n}`
  const steps = exposures.flatMap(({ arm }, index) =>
    STEPS.filter(({ chance, step }) => {
      return random() < chance && (arm !== '~holdout' || step === 'delivered')
    }).flatMap(({ step, after }) =>
      // Pages report a step again when they are reloaded.
      [0, ...(random() < 0.2 ? [1] : [])].map((again) => ({
        id: id(`${index}${step}`, again),
        at: begin + after + index * 7 + again * 60_000,
        what: { kind: 'step', index, step } as const,
      })),
    ),
  )
  const paid = some(3).map((n) => ({
    id: id('paid', n),
    at: begin + 20 * 60_000 + n * 61_003,
    what: { kind: 'paid', worth: between(random, -500, 20_000) / 100 } as const,
  }))
  const thanks = paid.slice(0, 1).map(({ at }) => ({
    ...{ id: id('thanks', 0), at: at + 1, what: { kind: 'thanks' } as const },
  }))
  const looked = some(12).map((n) => ({
    ...{ id: id('looked', n), at: begin + n * 30_000, what: { kind: 'looked' } as const },
  }))
  return [...steps, ...paid, ...thanks, ...looked]
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((one) => ({ one, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one)
}

/** What goes over the line for some of a visit's happenings. */
export function toBody({ token }: Visit, happenings: readonly Happening[]): Buffer {
  return Buffer.from(JSON.stringify({ batch: happenings.map((one) => toMessage(one, token)) }))
}

function toMessage({ id, at, what }: Happening, token: string): object {
  const base = { messageId: id, timestamp: new Date(at).toISOString() }
  switch (what.kind) {
    case 'step': {
      const properties = { token, index: what.index, step: what.step }
      return { ...base, type: 'track', event: 'Selvedge Exposure', properties }
    }
    case 'paid':
      return { ...base, type: 'track', event: 'paid', properties: { worth: what.worth } }
    case 'thanks':
      return { ...base, type: 'page', properties: { path: '/thanks' } }
    case 'looked':
      return { ...base, type: 'track', event: 'looked' }
  }
}

/** Sends some of a visit; whether every one of them was acknowledged. */
export async function send(
  client: Client,
  visit: Visit,
  happenings: readonly Happening[],
): Promise<'acknowledged' | 'unanswered'> {
  const answer = await client.ask({
    ...{ path: '/_sv/v1/batch', method: 'POST', body: toBody(visit, happenings) },
    headers: { ...BROWSER, cookie: visit.cookie, 'content-type': 'application/json' },
  })
  if (!answer.complete || answer.status !== 200) return 'unanswered'
  const said: Receipt = JSON.parse(answer.body.toString())
  if (said.accepted + said.duplicates === happenings.length) return 'acknowledged'
  throw new Error(`Events were refused: ${answer.body}`)
}

interface Receipt {
  readonly accepted: number
  readonly duplicates: number
}
