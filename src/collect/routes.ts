import { Hono, type Next } from 'hono'
import { TYPES } from '../events/request.ts'
import { problem } from '../problem.ts'
import { collect } from './collect.ts'
import { sayConsent } from './consent.ts'
import { type EventContext, openDoor } from './open-door.ts'
import { listedOrigin } from './sender.ts'
import { toSettings } from './settings.ts'

/** Last parts of the paths to which Segment's clients send batches: servers, browsers, imports. */
const BATCHES = ['batch', 'b', 'import']

/** The event doors: those of the Segment spec, at the paths its Node and browser clients use. */
export const events = new Hono<{ Bindings: Env }>()
  .use('*', allowListedOrigins)
  .post('/m', (c) => c.json({ success: true }))
  .post('/consent', sayConsent)
  .get('/projects/:writeKey/settings', async (c) => {
    const door = await openDoor(c)
    if (!door.ok) return problem(c, ...door.error)
    const { site } = door.value.bundle
    if (c.req.param('writeKey') !== site.id) return problem(c, 'not_found')
    return c.json(toSettings(site.id, new URL(c.req.url)))
  })
for (const part of [...BATCHES, ...TYPES.keys()]) events.post(`/${part}`, collect)

/**
 * CORS for the origins that a site lists and for no other (Fetch standard). Who is not listed gets no
 * header, and so their browser keeps the answer from them.
 */
async function allowListedOrigins(c: EventContext, next: Next): Promise<Response | undefined> {
  const origin = await listed(c)
  if (c.req.method === 'OPTIONS') {
    return origin === undefined
      ? problem(c, 'cross_site')
      : c.body(null, 204, { ...allowing(origin), ...PREFLIGHT })
  }
  await next()
  if (origin === undefined) return undefined
  for (const [name, value] of Object.entries(allowing(origin))) c.header(name, value)
  return undefined
}

function allowing(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'retry-after',
    vary: 'Origin',
  }
}

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'authorization, content-type, x-retry-count',
  // Two hours are the most that Chromium keeps it.
  'access-control-max-age': '7200',
}

/** The other origin that asks, where there is one and the site lists it. */
async function listed(c: EventContext): Promise<string | undefined> {
  const door = c.req.header('origin') === undefined ? undefined : await openDoor(c)
  return door?.ok ? listedOrigin(c.req.raw, door.value.bundle.site) : undefined
}
