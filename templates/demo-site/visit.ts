import type { IncomingMessage } from 'node:http'
import { parseBasket } from './basket.ts'
import { parseCookies } from './cookies.ts'
import { CONSENTS, type Visit } from './pages/page.ts'
import type { Sessions } from './session.ts'

/** What the cookies of a request tell about its sender. */
export async function readVisit(
  request: IncomingMessage,
  path: string,
  sessions: Sessions,
): Promise<Visit> {
  const cookies = parseCookies(request.headers.cookie)
  const [number, total] = (cookies.get('order') ?? '').split(':')
  return {
    path,
    member: await sessions.open(cookies.get('session')),
    basket: parseBasket(cookies.get('basket')),
    consent: CONSENTS.find((consent) => consent === cookies.get('consent')),
    order: number && /^\d{1,7}$/.test(total ?? '') ? { number, total: Number(total) } : undefined,
  }
}

/** Whether a page for this visit differs from one for anybody else. */
export function isPersonal(visit: Visit): boolean {
  return Boolean(visit.member || visit.order) || visit.basket.length > 0
}
