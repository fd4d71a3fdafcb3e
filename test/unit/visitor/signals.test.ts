import { describe, expect, test } from 'vitest'
import { type Geo, isPerson, readSignals } from '../../../src/visitor/signals.ts'
import { isZone } from '../../../src/visitor/zone.ts'

const NOW = Date.UTC(2026, 10, 17, 12)

interface Sent {
  readonly headers?: Record<string, string>
  readonly url?: string
  readonly geo?: Geo
  readonly timezone?: string
  readonly now?: number
  readonly overrides?: boolean
}

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

function signalsOf({ headers = {}, url = 'https://shop.test/', ...around }: Sent) {
  const request = new Request(url, { headers: { 'user-agent': FIREFOX, ...headers } })
  const surroundings = { geo: {}, timezone: 'UTC', now: NOW, overrides: false, ...around }
  return readSignals(request, new URL(url), surroundings)
}

describe('the device', () => {
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Mobile/15E148'
  const ipad = 'Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605 Mobile/15E148 Safari'
  const pixel =
    'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140 Mobile Safari'
  const tab = 'Mozilla/5.0 (Linux; Android 14; SM-X910) AppleWebKit/537.36 Chrome/140 Safari/537.36'
  const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140 Safari'

  test.each([
    ['phone', iphone, undefined],
    ['tablet', ipad, undefined],
    ['phone', pixel, undefined],
    ['tablet', tab, '?0'],
    ['desktop', chrome, '?0'],
    ['phone', chrome, '?1'],
    ['desktop', FIREFOX, undefined],
  ])('is a %s to %s, mobile hint %s', (device, agent, hint) => {
    const headers = { 'user-agent': agent, ...(hint && { 'sec-ch-ua-mobile': hint }) }
    expect(signalsOf({ headers }).device).toBe(device)
  })
})

describe('the language', () => {
  test.each([
    ['sv', 'sv'],
    ['sv-SE,sv;q=0.9,en;q=0.8', 'sv-se'],
    ['en;q=0.5, de;q=0.9', 'de'],
    ['en;q=0.9, de;q=0.9', 'en'],
    ['en;q=0.1, de ; q=0.7', 'de'],
    ['*, fr;q=0.2', 'fr'],
    ['*', ''],
    ['en;q=0', ''],
    ['en;q=nonsense, da;q=0.3', 'da'],
    ['zh-Hant-TW', 'zh-hant-tw'],
    ['<script>', ''],
    ['', ''],
    [`${'x'.repeat(600)},sv`, ''],
  ])('of “%s” is “%s”', (header, language) => {
    expect(signalsOf({ headers: { 'accept-language': header } }).language).toBe(language)
  })
})

describe('where the visitor came from', () => {
  test.each([
    ['', ''],
    ['https://search.example/?q=secret', 'search.example'],
    ['https://shop.test/other', ''],
    ['https://shop.test:8443/other', 'shop.test:8443'],
    ['not a url', ''],
  ])('referrer “%s” is “%s”', (referer, expected) => {
    expect(signalsOf({ headers: { referer } }).referrer).toBe(expected)
  })

  test.each([
    ['', { source: '', medium: '', name: '' }],
    ['?utm_source=news', { source: 'news', medium: '', name: '' }],
    [
      '?utm_campaign=a%20b&utm_medium=mail&utm_source=s',
      { source: 's', medium: 'mail', name: 'a b' },
    ],
    ['?utm_medium=mail', { source: '', medium: '', name: '' }],
    [`?utm_source=${'x'.repeat(300)}`, { source: 'x'.repeat(100), medium: '', name: '' }],
  ])('campaign of “%s”', (query, campaign) => {
    expect(signalsOf({ url: `https://shop.test/${query}` }).campaign).toEqual(campaign)
  })

  test('geography is cut and upper-cased, and empty where the platform knows nothing', () => {
    const geo = { country: 'se', regionCode: 'AB', city: 'x'.repeat(200), continent: 'eu' }
    expect(signalsOf({ geo })).toMatchObject({
      ...{ country: 'SE', region: 'AB', city: 'x'.repeat(80), continent: 'EU' },
    })
    expect(signalsOf({})).toMatchObject({ country: '', region: '', city: '', continent: '' })
  })
})

describe('the local hour', () => {
  // Central European time changed at 01:00 UTC on 29 March and 25 October 2026, New York's at 06:00.
  test.each([
    ['Europe/Rome', '2026-03-29T00:59:59Z', 1, 0],
    ['Europe/Rome', '2026-03-29T01:00:00Z', 3, 0],
    ['Europe/Rome', '2026-10-25T00:30:00Z', 2, 0],
    ['Europe/Rome', '2026-10-25T01:30:00Z', 2, 0],
    ['America/New_York', '2026-11-01T05:30:00Z', 1, 0],
    ['America/New_York', '2026-11-01T06:30:00Z', 1, 0],
    ['Asia/Kolkata', '2026-11-17T18:30:00Z', 0, 3],
    ['Asia/Kolkata', '2026-11-17T18:29:59Z', 23, 2],
    ['UTC', '2026-11-17T00:00:00Z', 0, 2],
    ['Pacific/Kiritimati', '2026-11-17T10:00:00Z', 0, 3],
  ])('in %s at %s is %i, day %i', (timezone, at, hour, weekday) => {
    expect(signalsOf({ geo: { timezone }, now: Date.parse(at) })).toMatchObject({ hour, weekday })
  })

  test('is the site’s where the visitor’s zone is unknown, and UTC where neither is a zone', () => {
    expect(signalsOf({ timezone: 'Asia/Tokyo' }).hour).toBe(21)
    expect(signalsOf({ timezone: 'Asia/Tokyo', geo: { timezone: 'Europe/Rome' } }).hour).toBe(13)
    expect(signalsOf({ geo: { timezone: 'Mars/Olympus' } }).hour).toBe(12)
  })

  test.each([
    ['Europe/Rome', true],
    ['UTC', true],
    ['Europe/Romulus', false],
    ['', false],
  ])('zone “%s”: %s', (zone, expected) => expect(isZone(zone)).toBe(expected))
})

describe('who is no person', () => {
  test.each([
    ['a crawler', { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' }, {}],
    ['a library', { 'user-agent': 'curl/8.5.0' }, {}],
    ['nobody in particular', { 'user-agent': '' }, {}],
    ['a bot that the platform verified', {}, { verifiedBotCategory: 'Search Engine Crawler' }],
    ['a prefetch', { 'sec-purpose': 'prefetch' }, {}],
    ['a prerender', { 'sec-purpose': 'prefetch;prerender' }, {}],
    ['an older prefetch', { purpose: 'prefetch' }, {}],
    ['an old Firefox’s', { 'x-moz': 'prefetch' }, {}],
  ])('%s', (_, headers, geo) => expect(isPerson(signalsOf({ headers, geo }))).toBe(false))

  test('a browser is one', () => expect(isPerson(signalsOf({}))).toBe(true))
})

describe('overrides', () => {
  const url =
    'https://shop.test/?sv-country=no&sv-region=03&sv-city=Oslo&sv-continent=EU&sv-device=tablet&sv-hour=4'

  test('stand in for the real thing where a deployment allows them', () => {
    const geo = { country: 'SE', city: 'Stockholm' }
    expect(signalsOf({ url, geo, overrides: true })).toMatchObject({
      ...{ country: 'NO', region: '03', city: 'Oslo', continent: 'EU', device: 'tablet', hour: 4 },
    })
  })

  test('are plain query parameters elsewhere', () => {
    const geo = { country: 'SE', city: 'Stockholm' }
    expect(signalsOf({ url, geo })).toMatchObject({
      ...{ country: 'SE', region: '', city: 'Stockholm', device: 'desktop', hour: 12 },
    })
  })
})
