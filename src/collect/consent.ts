import * as z from 'zod'
import { configOf } from '../config.ts'
import { readBody } from '../events/body.ts'
import { createTrail } from '../model/trail.ts'
import { ConsentTierSchema } from '../model/visitor.ts'
import { problem, toProblems } from '../problem.ts'
import { consentCookieName, consentTier, withdrawalOf } from '../visitor/consent.ts'
import { parseCookies } from '../visitor/cookies.ts'
import { markOf } from '../visitor/erased.ts'
import { readConsent, toConsentCookie, toVisitorCookie, withdraw } from '../visitor/recognise.ts'
import { createLoad } from './load.ts'
import { callObject } from './object-call.ts'
import { type Door, type EventContext, openDoor } from './open-door.ts'
import { senderOf } from './sender.ts'

const WishSchema = z.strictObject({ tier: ConsentTierSchema })

const MAX_BODY_BYTES = 1024

/** Withdrawals that an isolate works on at once. */
const load = createLoad(200)

/**
 * `POST /_sv/v1/consent`: a page says what its visitor allows. The browser keeps it in any case; who
 * allows less is told so once what is no longer allowed is erased, and not before.
 */
export async function sayConsent(c: EventContext): Promise<Response> {
  const door = await openDoor(c)
  if (!door.ok) return problem(c, ...door.error)
  if (senderOf(c.req.raw, '', door.value.bundle.site).kind !== 'browser') {
    return problem(c, 'cross_site')
  }
  const body = await readBody(c.req.raw, MAX_BODY_BYTES)
  if (!body.ok) return problem(c, body.error)
  const json = parseJson(body.value)
  if (json === undefined) return problem(c, 'bad_json')
  const wish = WishSchema.safeParse(json)
  if (!wish.success) return problem(c, 'invalid', { errors: toProblems(wish.error) })
  if (!load.admit(1)) return problem(c, 'overloaded')
  try {
    return await carryOut(c, wish.data, door.value)
  } catch (error) {
    console.error(JSON.stringify({ event: 'consent_failed', detail: String(error) }))
    return problem(c, 'unavailable', { detail: 'Kept; what it withdraws is not all erased yet.' })
  } finally {
    load.release(1)
  }
}

async function carryOut(
  c: EventContext,
  { tier: said }: z.infer<typeof WishSchema>,
  { bundle: { site }, revoked }: Door,
): Promise<Response> {
  const request = c.req.raw
  c.header('set-cookie', toConsentCookie(request, said), { append: true })
  const config = await configOf(c.env)
  const cookies = parseCookies(request.headers.get('cookie'))
  const trail = createTrail(Date.now, console.warn)
  const around = { site, config, trail, revoked }
  const { state, ceiling } = await readConsent(request, cookies, around)
  const told = new Map([...cookies, [consentCookieName(request), String(said)]])
  const tier = consentTier(site.consent, told, request)
  const withdrawal = state && withdrawalOf(state.tier, tier)
  if (state && ceiling !== undefined && said > ceiling) {
    await c.env.BOARD.getByName(site.id).restore([await markOf(state.id)])
  }
  if (withdrawal) {
    await callObject(() => withdraw(c.env, site, state.id, withdrawal))
    const { snapshot: _, ...rest } = state
    const left = withdrawal === 'everything' ? undefined : { ...rest, tier }
    const cookie = await toVisitorCookie(request, left, site, config.keys)
    c.header('set-cookie', cookie, { append: true })
  }
  return c.json({ tier }, 200, { 'cache-control': 'no-store' })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
