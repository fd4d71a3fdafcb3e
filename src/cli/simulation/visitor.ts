import { createHash } from 'node:crypto'
import { uniform } from '../../bandit/pick.ts'
import { fromBase64Url } from '../../model/base64url.ts'
import type { Keyring } from '../../model/keys.ts'
import { NO_CAMPAIGN } from '../../model/signals.ts'
import { seal } from '../../visitor/sealed-cookie.ts'
import { createVisitorId } from '../../visitor/visitor-id.ts'
import { converts, looks, propertiesFor, type Stimulus, type Truth } from './behaviour.ts'

/** Where the simulated visitors go, and who they are. */
export interface World {
  readonly url: string
  readonly site: string
  /** Path of the page they look at. */
  readonly path: string
  readonly seed: string
  readonly shards: number
  readonly ring: Keyring
  readonly truth: Truth
}

/** One page that one visitor has in front of them. */
export interface View {
  readonly visitor: number
  readonly cookie: string
  readonly token: string
  readonly stimuli: readonly Stimulus[]
}

const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0',
]

/**
 * Asks for the page as a browser that was here a moment ago. The sealed cookie is made here, with the
 * worker's own key, so that the seed decides who everybody is.
 */
export async function viewPage(world: World, visitor: number): Promise<View> {
  const cookie = await cookieOf(world, visitor)
  const agent = AGENTS[Math.floor(uniform(`${world.seed}/agent`, String(visitor)) * AGENTS.length)]
  const response = await fetch(`${world.url}${world.path}`, {
    headers: {
      cookie,
      'user-agent': agent ?? '',
      accept: 'text/html',
      'sec-fetch-dest': 'document',
    },
  })
  const page = /<script[^>]* data-sv='([^']*)'/.exec(await response.text())?.[1]
  if (!page) throw new Error(`No beacon on ${world.path} (status ${response.status}).`)
  const { t } = JSON.parse(
    page.replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&'),
  )
  return { visitor, cookie, token: t, stimuli: readToken(t) }
}

/** The exposures that a page's token proves; its payload is signed, not secret. */
function readToken(token: string): Stimulus[] {
  const [, payload = ''] = token.split('.')
  const [, rows] = JSON.parse(new TextDecoder().decode(fromBase64Url(payload)))
  return rows.map(([experience, , , arm, rank]: [string, number, string, string, number]) => ({
    experience,
    arm,
    rank,
  }))
}

/** The weights version of an experience in a page's token. */
export function versionIn(token: string, experience: string): number | undefined {
  const [, payload = ''] = token.split('.')
  const [, rows] = JSON.parse(new TextDecoder().decode(fromBase64Url(payload)))
  return rows.find(([id]: [string]) => id === experience)?.[1]
}

async function cookieOf({ site, seed, shards, ring }: World, visitor: number): Promise<string> {
  const random = createHash('sha256').update(`${seed}/${visitor}`).digest()
  const state = {
    id: createVisitorId('EU', shards, random),
    lastAt: Date.now(),
    visits: 1,
    campaign: NO_CAMPAIGN,
    user: '',
  }
  const consent = uniform(`${seed}/consent`, String(visitor)) < 0.7 ? 'profile' : 'measure'
  return `sv=${await seal(state, site, ring)}; consent=${consent}`
}

/** What happens on that page, as the beacon would tell it; answers how many events were new. */
export async function reportView(world: World, view: View): Promise<number> {
  const response = await fetch(`${world.url}/_sv/v1/batch`, {
    method: 'POST',
    headers: { cookie: view.cookie, 'content-type': 'text/plain' },
    body: JSON.stringify({ batch: eventsOf(world, view), sentAt: new Date().toISOString() }),
  })
  if (!response.ok) throw new Error(`Events were answered ${response.status}.`)
  const { accepted, refused } = await response.json()
  const reasons = Object.keys(refused)
  if (reasons.length > 0) throw new Error(`Events were refused: ${reasons.join(', ')}.`)
  return accepted
}

function eventsOf({ seed, path, truth }: World, { visitor, token, stimuli }: View): object[] {
  const timestamp = new Date().toISOString()
  const events: object[] = []
  const add = (type: string, rest: object) => {
    events.push({ type, messageId: `${seed}-${visitor}-${events.length}`, timestamp, ...rest })
  }
  const step = (index: number, name: string) => {
    add('track', { event: 'Selvedge Exposure', properties: { token, index, step: name } })
  }
  add('page', { properties: { path } })
  for (const [index, stimulus] of stimuli.entries()) {
    step(index, 'delivered')
    step(index, 'survived')
    if (looks(seed, visitor, stimulus)) step(index, 'seen')
    if (!converts(seed, visitor, stimulus, truth)) continue
    const goal = truth.get(stimulus.experience)?.goal
    const worth = Math.round(20 + 80 * uniform(`${seed}/worth`, String(visitor)))
    if (goal?.kind === 'click') step(index, 'clicked')
    if (goal?.kind === 'page') add('page', { properties: { path: goal.pages[0] } })
    if (goal?.kind === 'event') {
      add('track', { event: goal.event, properties: propertiesFor(goal, worth) })
    }
  }
  return events
}
