import { randomInt } from 'node:crypto'
import {
  addToBasket,
  costOfDelivery,
  removeFromBasket,
  serialiseBasket,
  sumGoods,
} from './basket.ts'
import { toSetCookie } from './cookies.ts'
import { findMember } from './members.ts'
import { CONSENTS, type Visit } from './pages/page.ts'
import { type Reply, redirectReply, refusal } from './reply.ts'
import { SESSION_SECONDS, type Sessions } from './session.ts'

/** Seconds: consent 180 days, basket a week, the order on the thank-you page ten minutes. */
const HALF_A_YEAR = 180 * 24 * 3600
const WEEK = 7 * 24 * 3600
const TEN_MINUTES = 600

interface Submission {
  readonly form: URLSearchParams
  readonly visit: Visit
  readonly sessions: Sessions
  /** Epoch ms. */
  readonly now: number
}

type Handler = (submission: Submission) => Reply | Promise<Reply>

/** What forms are posted to, by path. Every one answers with a redirect, so that reloading is safe. */
export const FORMS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['/sign-in', signIn],
  ['/sign-out', signOut],
  ['/consent', consent],
  ['/basket', basket],
  ['/checkout', checkout],
])

export function signOut(): Reply {
  return redirectReply(303, '/', [toSetCookie('session', '', 0)])
}

async function signIn({ form, sessions, now }: Submission): Promise<Reply> {
  const member = findMember(form.get('member'))
  if (!member) return refusal(400)
  const token = await sessions.issue(member, now)
  return redirectReply(303, '/', [toSetCookie('session', token, SESSION_SECONDS)])
}

function consent({ form }: Submission): Reply {
  const choice = CONSENTS.find((known) => known === form.get('choice'))
  if (!choice) return refusal(400)
  // Readable by scripts, since the banner's own script writes it too.
  const cookie = toSetCookie('consent', choice, HALF_A_YEAR, false)
  return redirectReply(303, toLocalPath(form.get('from')), [cookie])
}

function basket({ form, visit }: Submission): Reply {
  const product = form.get('product') ?? ''
  const size = form.get('size') ?? ''
  const change = form.get('action') === 'remove' ? removeFromBasket : addToBasket
  const changed = change(visit.basket, product, size)
  return redirectReply(303, '/basket', [toSetCookie('basket', serialiseBasket(changed), WEEK)])
}

function checkout({ visit }: Submission): Reply {
  if (visit.basket.length === 0) return redirectReply(303, '/basket')
  const total = sumGoods(visit.basket) + costOfDelivery(visit.basket)
  return redirectReply(303, '/thank-you', [
    toSetCookie('order', `L-${randomInt(10_000, 100_000)}:${total}`, TEN_MINUTES),
    toSetCookie('basket', '', 0),
  ])
}

/** A path of this site and nothing that a browser would read as another host. */
function toLocalPath(path: string | null): string {
  return path && /^\/(?![/\\])[\w/-]*$/.test(path) ? path : '/'
}
