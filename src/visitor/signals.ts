import { isbot } from 'isbot'
import { type Campaign, type Device, NO_CAMPAIGN, type Signals } from '../model/signals.ts'

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
  const given = around.overrides ? url.searchParams : new URLSearchParams()
  const local = localTime(around.geo.timezone ?? around.timezone, around.now)
  return {
    country: (given.get('sv-country') ?? around.geo.country ?? '').slice(0, 2).toUpperCase(),
    region: (given.get('sv-region') ?? around.geo.regionCode ?? '').slice(0, 8),
    city: (given.get('sv-city') ?? around.geo.city ?? '').slice(0, 80),
    continent: (given.get('sv-continent') ?? around.geo.continent ?? '').slice(0, 2).toUpperCase(),
    device: deviceOf(given.get('sv-device') ?? '', headers),
    language: preferredLanguage(headers.get('accept-language') ?? ''),
    referrer: referringHost(headers.get('referer') ?? '', url.host),
    campaign: campaignOf(url.searchParams),
    hour: Number(given.get('sv-hour') ?? local.hour),
    weekday: local.weekday,
    path: url.pathname,
    bot: isBot(headers.get('user-agent') ?? '', around.geo),
    prefetch: /prefetch|prerender/.test(
      headers.get('sec-purpose') ?? headers.get('purpose') ?? headers.get('x-moz') ?? '',
    ),
  }
}

/** Crawlers and fetches ahead get the origin's page and are counted nowhere. */
export function isPerson({ bot, prefetch }: Signals): boolean {
  return !bot && !prefetch
}

const DEVICES: readonly Device[] = ['phone', 'tablet', 'desktop']

function deviceOf(given: string, headers: Headers): Device {
  const named = DEVICES.find((device) => device === given)
  if (named) return named
  const agent = headers.get('user-agent') ?? ''
  if (/iPad|Tablet|Android(?!.*Mobile)|Silk(?!.*Mobile)/.test(agent)) return 'tablet'
  const hint = headers.get('sec-ch-ua-mobile')
  return hint === '?1' || /Mobi|iPhone|iPod/.test(agent) ? 'phone' : 'desktop'
}

function isBot(agent: string, geo: Geo): boolean {
  return agent === '' || Boolean(geo.verifiedBotCategory) || isbot(agent)
}

/** The language range with the highest q (RFC 9110 §12.5.4), the first of equals; `''` for none. */
function preferredLanguage(header: string): string {
  let best = ''
  let bestQuality = 0
  for (const part of header.slice(0, 512).split(',')) {
    const [range = '', ...parameters] = part.toLowerCase().split(';').map((text) => text.trim())
    const quality = Number(parameters.find((p) => p.startsWith('q='))?.slice(2) ?? 1)
    if (range !== '*' && quality > bestQuality) [best, bestQuality] = [range, quality]
  }
  return /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/.test(best) ? best : ''
}

function referringHost(referrer: string, ownHost: string): string {
  if (!URL.canParse(referrer)) return ''
  const { host } = new URL(referrer)
  return host === ownHost ? '' : host.slice(0, 253)
}

function campaignOf(query: URLSearchParams): Campaign {
  if (!query.has('utm_campaign') && !query.has('utm_source')) return NO_CAMPAIGN
  const read = (name: string) => (query.get(name) ?? '').slice(0, 100)
  return { source: read('utm_source'), medium: read('utm_medium'), name: read('utm_campaign') }
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** One formatter per zone: making one costs about a hundred times what using it does. */
const clocks = new Map<string, Intl.DateTimeFormat>()

function localTime(zone: string, now: number): { hour: number; weekday: number } {
  const parts = clockFor(zone).formatToParts(now)
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? ''
  return { hour: Number(part('hour')), weekday: WEEKDAYS.indexOf(part('weekday')) }
}

function clockFor(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone)
  if (known) return known
  const options = { hour: '2-digit', hourCycle: 'h23', weekday: 'short' } as const
  const clock = isZone(zone)
    ? new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone })
    : new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' })
  clocks.set(zone, clock)
  return clock
}

/** Whether the runtime knows this IANA zone. */
export function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en-US', { timeZone: zone }))
  } catch {
    return false
  }
}
