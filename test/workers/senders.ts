import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import { EXPOSURE_EVENT } from '../../src/events/ingest.ts'
import { signToken } from '../../src/events/token.ts'
import { type HourOfEvents, type OutcomeCounts, sumOutcomes } from '../../src/model/event-counts.ts'
import type { Exposure } from '../../src/model/exposure.ts'
import { type CookieState, seal } from '../../src/visitor/sealed-cookie.ts'
import { createVisitorId, shardOf } from '../../src/visitor/visitor-id.ts'
import { ask, askApi, keys } from './doors.ts'

/** The site that senders send to. */
export const SITE = 'shop'

let visitors = 0

/** A visitor with a cookie, by tier of consent. */
export async function newVisitor(consent = 'all', changes: Partial<CookieState> = {}) {
  const random = Uint8Array.from({ length: 16 }, (_, n) => (n === 15 ? ++visitors : n))
  const id = createVisitorId('EU', 4, random)
  const state: CookieState = {
    ...{ id, lastAt: Date.now(), visits: 1, user: '' },
    ...{ campaign: { source: '', medium: '', name: '' }, ...changes },
  }
  const sealed = await seal(state, SITE, keys.cookie)
  const shard = env.VISITORS.getByName(shardOf(SITE, id)?.name ?? '')
  return { id, state, shard, cookie: `__Host-sv=${sealed}; consent=${consent}` }
}

export const exposureOf = (arm = 'calm', experience = 'hero-bandit'): Exposure => ({
  ...{ experience, version: 0, segment: '', arm, rank: 0, propensity: 0.5 },
})

export const tokenOf = (
  id: string,
  { at = Date.now(), exposures = [exposureOf()], site = SITE } = {},
) => signToken({ at, exposures }, `${site}/${id}`, keys.token)

let messages = 0

export const message = (changes: object = {}) => ({
  ...{ type: 'track', messageId: `m-${++messages}`, timestamp: new Date(), event: 'Looked' },
  ...changes,
})
export const stepOf = (token: string, step = 'seen', index: unknown = 0) =>
  message({ event: EXPOSURE_EVENT, properties: { token, index, step } })
export const order = (revenue: number) =>
  message({ event: 'Order Completed', properties: { revenue } })

export function send(
  body: unknown,
  cookie = '',
  headers: Record<string, string> = {},
): Promise<Response> {
  return ask('/_sv/v1/batch', {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

export const batch = async (messages: readonly object[], cookie: string) => {
  const response = await send({ batch: messages, sentAt: new Date() }, cookie)
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
  return response.json()
}

export const receipt = (accepted: number, refused: object = {}, duplicates = 0) => ({
  ...{ success: true, accepted, duplicates, refused },
})

/** A write key of the site, as staff get it. */
export async function newWriteKey(site = SITE): Promise<{ id: string; key: string }> {
  const response = await askApi(`POST /sites/${site}/write-keys`)
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`)
  return response.json()
}

/** What a server sends: no cookie, nothing of a browser, its key as a user name. */
export function sendAsServer(
  key: string,
  body: unknown,
  path = 'batch',
  headers: Record<string, string> = {},
): Promise<Response> {
  return ask(`/_sv/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${key}:`)}`, ...headers },
    body: body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** Counts of what became of a site's events, once its board has heard of them. */
export async function countsOf(site = SITE): Promise<OutcomeCounts> {
  await scheduler.wait(1_300)
  const answer = await askApi(`GET /sites/${site}/events/counts`)
  const { hours }: { hours: readonly HourOfEvents[] } = await answer.json()
  return sumOutcomes(...hours.map(({ counts }) => counts))
}
