import { describe, expect, test } from 'vitest'
import { freshnessOf, standsIn, termsOf, varyOf } from '../../../src/site/freshness.ts'

const NOW = Date.UTC(2026, 10, 22, 12)
const terms = (headers: Record<string, string>, override?: { lifetime: number }) =>
  termsOf(new Headers(headers), NOW, override)

const DATE = { date: 'Sun, 22 Nov 2026 12:00:00 GMT' }

describe('a lifetime', () => {
  test.each<[string, Record<string, string>, number]>([
    ['named for all', { 'cache-control': 'max-age=60' }, 60],
    ['named for shared caches goes first', { 'cache-control': 's-maxage=5, max-age=60' }, 5],
    ['in quotes', { 'cache-control': 'max-age="60"' }, 60],
    ['in any case and spacing', { 'cache-control': 'Public ,MAX-AGE = 60' }, 60],
    ['the first of two', { 'cache-control': 'max-age=60, max-age=5' }, 60],
    ['up to a date', { ...DATE, expires: 'Sun, 22 Nov 2026 12:01:00 GMT' }, 60],
    [
      'not by a date where one is named',
      { 'cache-control': 'max-age=5', ...DATE, expires: '0' },
      5,
    ],
  ])('%s', (_, headers, seconds) => {
    expect(terms(headers)).toMatchObject({ lifetime: seconds * 1000 })
  })

  test.each<[string, Record<string, string>]>([
    ['that has passed', { ...DATE, expires: 'Sun, 22 Nov 2026 11:00:00 GMT' }],
    ['that is no number', { 'cache-control': 'max-age=soon' }],
    ['that is negative', { 'cache-control': 'max-age=-1' }],
    ['of no time', { 'cache-control': 'max-age=0' }],
    ['taken back', { 'cache-control': 'no-cache, max-age=60' }],
    ['that is not there', {}],
    ['from a date that is none', { ...DATE, expires: '0' }],
  ])('%s is none', (_, headers) => {
    expect(terms(headers)).toBe('no_lifetime')
    expect(terms({ ...headers, etag: '"a"' })).toMatchObject({ lifetime: 0, etag: '"a"' })
  })

  test('may be the site’s own word, and began when the page was made', () => {
    expect(terms({}, { lifetime: 5_000 })).toMatchObject({ lifetime: 5_000, isPublic: true })
    expect(terms({ 'cache-control': 'max-age=60', age: '50' })).toMatchObject({ at: NOW - 50_000 })
  })
})

test.each<[string, Record<string, string>]>([
  ['set_cookie', { 'set-cookie': 'a=1' }],
  ['private', { 'cache-control': 'private' }],
  ['private', { 'cache-control': 'public, no-store' }],
  ['private', { 'cache-control': 'private="x"' }],
  ['vary', { vary: 'Accept-Encoding, Cookie' }],
  ['vary', { vary: 'authorization' }],
  ['vary', { vary: '*' }],
])('nothing is kept: %s %j', (why, headers) => {
  const forever = { 'cache-control': 'max-age=60', etag: '"a"' }
  expect(terms({ ...forever, ...headers })).toBe(why)
  expect(terms({ ...forever, ...headers }, { lifetime: 60_000 })).toBe(why)
})

test('who may have it', () => {
  const isPublic = (control: string) => terms({ 'cache-control': control })
  expect(isPublic('public, max-age=5')).toMatchObject({ isPublic: true })
  expect(isPublic('s-maxage=5')).toMatchObject({ isPublic: true })
  expect(isPublic('max-age=5')).toMatchObject({ isPublic: false })
})

test('the headers it varies by', () => {
  expect(varyOf(new Headers({ vary: 'X-B, accept-encoding,x-a ,' }))).toEqual(['x-a', 'x-b'])
})

describe('in time', () => {
  const at = (control: string, seconds: number) => {
    const kept = terms({ 'cache-control': control })
    if (typeof kept === 'string') throw new Error(kept)
    const now = NOW + seconds * 1000
    return [freshnessOf(kept, now), standsIn(kept, now)]
  }

  test.each<[string, number, string, boolean]>([
    ['max-age=10', 9, 'fresh', true],
    ['max-age=10', 10, 'expired', false],
    ['max-age=10, stale-while-revalidate=5', 14, 'renewable', true],
    ['max-age=10, stale-while-revalidate=5', 15, 'expired', false],
    ['max-age=10, stale-if-error=100', 50, 'expired', true],
    ['max-age=10, stale-if-error=100', 110, 'expired', false],
    ['max-age=10, stale-while-revalidate=5, must-revalidate', 11, 'expired', false],
    ['max-age=10, stale-if-error=100, proxy-revalidate', 11, 'expired', false],
  ])('%s after %i s', (control, seconds, freshness, stands) => {
    expect(at(control, seconds)).toEqual([freshness, stands])
  })
})
