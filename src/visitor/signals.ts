import { isbot } from 'isbot'
import { remember } from '../model/remember.ts'
import { type Campaign, type Device, NO_CAMPAIGN, type Signals } from '../model/signals.ts'
import { isZone } from './zone.ts'

/** Geography as Cloudflare attaches it to a request; every field may be missing. */
export interface Geo {
  readonly country?: string
  readonly regionCode?: string
  readonly city?: string
  readonly continent?: string
  readonly timezone?: string
  readonly verifiedBotCategory?: string
}

/** What the platform attached to a request; nothing of it in some local runs. */
export function geoOf(request: Request): Geo {
  const cf: object = request.cf ?? {}
  return cf
}

interface Surroundings {
  readonly geo: Geo
  /** The site's zone, for visitors whose own is unknown. */
  readonly timezone: string
  readonly now: number
  /** Whether `?sv-country=SE&sv-device=phone` may stand in for the real thing. */
  readonly overrides: boolean
}

/** Reads one request's signals. Longer header values are cut: they are inputs, never output as such. */
export function readSignals(request: Request, url: URL, around: Surroundings): Signals {
  const { headers } = request
  const { geo } = around
  // Most addresses have no query, and the platform makes an object of it only when asked.
  const query = url.search === '' ? NO_QUERY : url.searchParams
  const given = around.overrides ? query : NO_QUERY
  const local = localTime(geo.timezone ?? around.timezone, around.now)
  const agent = headers.get('user-agent') ?? ''
  return {
    country: (given.get('sv-country') ?? geo.country ?? '').slice(0, 2).toUpperCase(),
    region: (given.get('sv-region') ?? geo.regionCode ?? '').slice(0, 8),
    city: (given.get('sv-city') ?? geo.city ?? '').slice(0, 80),
    continent: (given.get('sv-continent') ?? geo.continent ?? '').slice(0, 2).toUpperCase(),
    device: deviceOf(given.get('sv-device') ?? '', agent, headers),
    language: preferredLanguage(headers.get('accept-language') ?? ''),
    referrer: referringHost(headers.get('referer') ?? '', url.host),
    campaign: campaignOf(query),
    hour: Number(given.get('sv-hour') ?? local.hour),
    weekday: local.weekday,
    date: local.date,
    path: url.pathname,
    bot: agent === '' || Boolean(geo.verifiedBotCategory) || isRobot(agent),
    prefetch: /prefetch|prerender/.test(
      headers.get('sec-purpose') ?? headers.get('purpose') ?? headers.get('x-moz') ?? '',
    ),
  }
}

type Query = Pick<URLSearchParams, 'get' | 'has'>

const NO_QUERY: Query = { get: () => null, has: () => false }

/** Hundreds of expressions in one: a tenth of a page's own work, were it not remembered. */
const isRobot = remember((agent) => isbot(agent))

/** Crawlers and fetches ahead get the origin's page and are counted nowhere. */
export function isPerson({ bot, prefetch }: Signals): boolean {
  return !bot && !prefetch
}

const DEVICES: readonly Device[] = ['phone', 'tablet', 'desktop']

function deviceOf(given: string, agent: string, headers: Headers): Device {
  const named = DEVICES.find((device) => device === given)
  if (named) return named
  const known = deviceOfAgent(agent)
  return known === 'desktop' && headers.get('sec-ch-ua-mobile') === '?1' ? 'phone' : known
}

const deviceOfAgent = remember((agent): Device => {
  if (/iPad|Tablet|Android(?!.*Mobile)|Silk(?!.*Mobile)/.test(agent)) return 'tablet'
  return /Mobi|iPhone|iPod/.test(agent) ? 'phone' : 'desktop'
})

/** The language range with the highest q (RFC 9110 §12.5.4), the first of equals; `''` for none. */
const preferredLanguage = remember((header) => {
  let best = ''
  let bestQuality = 0
  for (const part of header.slice(0, 512).split(',')) {
    const [range = '', ...parameters] = part
      .toLowerCase()
      .split(';')
      .map((text) => text.trim())
    const quality = Number(parameters.find((p) => p.startsWith('q='))?.slice(2) ?? 1)
    if (range !== '*' && quality > bestQuality) [best, bestQuality] = [range, quality]
  }
  return /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/.test(best) ? best : ''
})

function referringHost(referrer: string, ownHost: string): string {
  if (referrer === '' || !URL.canParse(referrer)) return ''
  const { host } = new URL(referrer)
  return host === ownHost ? '' : host.slice(0, 253)
}

function campaignOf(query: Query): Campaign {
  if (!query.has('utm_campaign') && !query.has('utm_source')) return NO_CAMPAIGN
  const read = (name: string) => (query.get(name) ?? '').slice(0, 100)
  return { source: read('utm_source'), medium: read('utm_medium'), name: read('utm_campaign') }
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** What a clock on a wall shows, in some zone. */
export interface LocalTime {
  readonly hour: number
  readonly weekday: number
  readonly date: string
}

/** Zones differ from UTC by whole quarters of an hour, so nothing changes within one. */
const QUARTER_MS = 15 * 60_000

/** A zone's formatter, which costs a hundred times its use to make, and what it last said. */
interface Clock {
  readonly format: Intl.DateTimeFormat
  quarter: number
  time: LocalTime
}

const clocks = new Map<string, Clock>()

/** The local time of an IANA zone; of UTC where the runtime does not know it. */
export function localTime(zone: string, now: number): LocalTime {
  const clock = clocks.get(zone) ?? createClock(zone)
  const quarter = Math.floor(now / QUARTER_MS)
  if (clock.quarter !== quarter) {
    clock.quarter = quarter
    clock.time = readClock(clock.format, now)
  }
  return clock.time
}

function readClock(format: Intl.DateTimeFormat, now: number): LocalTime {
  const parts = format.formatToParts(now)
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? ''
  return {
    hour: Number(part('hour')),
    weekday: WEEKDAYS.indexOf(part('weekday')),
    date: `${part('year')}-${part('month')}-${part('day')}`,
  }
}

function createClock(zone: string): Clock {
  const timeZone = isZone(zone) ? zone : 'UTC'
  const options = {
    ...({ hour: '2-digit', hourCycle: 'h23', weekday: 'short', timeZone } as const),
    ...({ year: 'numeric', month: '2-digit', day: '2-digit' } as const),
  }
  const format = new Intl.DateTimeFormat('en-US', options)
  const clock = { format, quarter: Number.NaN, time: { hour: 0, weekday: 0, date: '' } }
  clocks.set(zone, clock)
  return clock
}
