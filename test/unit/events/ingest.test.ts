import { describe, expect, test } from 'vitest'
import { toEvent, toSentAt } from '../../../src/events/ingest.ts'
import { err } from '../../../src/model/result.ts'

const NOW = Date.UTC(2026, 10, 17, 12)
const DAY = 86_400_000
const iso = (at: number) => new Date(at).toISOString()

const track = (changes: object = {}) => ({
  ...{ type: 'track', messageId: 'm1', event: 'Order Completed', timestamp: iso(NOW) },
  ...changes,
})

const read = (message: unknown, sentAt?: number) => toEvent(message, sentAt, NOW)

describe('a message', () => {
  test.each([
    [
      'a track',
      track({ properties: { revenue: 5 } }),
      { kind: 'track', name: 'Order Completed', properties: { revenue: 5 } },
    ],
    [
      'a page, whose path is all we keep of its address',
      { type: 'page', messageId: 'm1', properties: { path: '/a?email=x#y', category: 'boots' } },
      { kind: 'page', name: '/a', properties: { path: '/a?email=x#y', category: 'boots' } },
    ],
    ['a page without a path', { type: 'page', messageId: 'm1' }, { kind: 'page', name: '/' }],
    [
      'a page whose path is none',
      { type: 'page', messageId: 'm1', properties: { path: 'javascript:x' } },
      { kind: 'page', name: '/' },
    ],
    [
      'an identify, by its traits',
      { type: 'identify', messageId: 'm1', traits: { plan: 'gold' }, properties: { plan: 'no' } },
      { kind: 'identify', name: '', properties: { plan: 'gold' } },
    ],
  ])('is %s', (_, message, expected) => {
    const event = read(message)
    expect(event.ok && event.value).toMatchObject({ messageId: 'm1', at: NOW, ...expected })
  })

  test.each([
    ['no object', 'track', 'malformed'],
    ['nothing', null, 'malformed'],
    ['without an id', track({ messageId: undefined }), 'malformed'],
    ['with an empty id', track({ messageId: '' }), 'malformed'],
    ['with a very long id', track({ messageId: 'x'.repeat(129) }), 'malformed'],
    ['a track without a name', track({ event: undefined }), 'malformed'],
    ['a track with an empty name', track({ event: '' }), 'malformed'],
    ['with a time that is none', track({ timestamp: 'yesterday' }), 'malformed'],
    ['with properties that are a list', track({ properties: [1] }), 'malformed'],
    ['of a type that is not taken', track({ type: 'alias' }), 'unsupported_type'],
    ['older than a week', track({ timestamp: iso(NOW - 7 * DAY - 1) }), 'too_old'],
    ['of the future', track({ timestamp: iso(NOW + 300_001) }), 'in_future'],
  ])('is refused when it is %s', (_, message, reason) => {
    expect(read(message)).toEqual(err(reason))
  })
})

describe('the time of an event', () => {
  const at = (message: object, sentAt?: number) => {
    const event = read(message, sentAt)
    return event.ok ? event.value.at : event.error
  }

  test.each([
    ['as said', iso(NOW - 1000), undefined, NOW - 1000],
    ['now, where nothing is said', undefined, undefined, NOW],
    ['never later than now', iso(NOW + 300_000), undefined, NOW],
    ['a week ago at most', iso(NOW - 7 * DAY), undefined, NOW - 7 * DAY],
    ['corrected for a clock an hour slow', iso(NOW - 3_610_000), NOW - 3_600_000, NOW - 10_000],
    ['corrected for a clock a year fast', iso(NOW + 365 * DAY), NOW + 365 * DAY + 5, NOW - 5],
    ['too old after the correction', iso(NOW - 8 * DAY), NOW, 'too_old'],
    ['in the future after the correction', iso(NOW), NOW - 300_001, 'in_future'],
  ])('is %s', (_, timestamp, sentAt, expected) => {
    expect(at(track({ timestamp }), sentAt)).toBe(expected)
  })

  test.each([
    [undefined, undefined],
    ['not a date', undefined],
    ['2026-11-17T12:00:00Z', NOW],
  ])('sent at %s', (text, expected) => expect(toSentAt(text)).toBe(expected))
})

describe('properties', () => {
  const properties = (given: unknown) => {
    const event = read(JSON.parse(JSON.stringify(track({ properties: given }))))
    return event.ok ? event.value.properties : event.error
  }

  test('are flat, finite and cut', () => {
    const given = { a: 'x'.repeat(300), b: 1, c: true, d: null, e: [1], f: { g: 1 }, h: '' }
    expect(properties(given)).toEqual({ a: 'x'.repeat(256), b: 1, c: true, h: '' })
    expect(
      read(track({ properties: { a: Number.POSITIVE_INFINITY, b: Number.NaN } })),
    ).toMatchObject({ value: { properties: {} } })
  })

  test('are fifty at most', () => {
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`p${n}`, n]))
    expect(Object.keys(properties(many))).toHaveLength(50)
  })

  test('reach no prototype', () => {
    const message = `{"type":"track","messageId":"m","event":"x","properties":{"__proto__":{"a":1},"constructor":"c"}}`
    const event = read(JSON.parse(message))
    expect(event.ok && Object.getPrototypeOf(event.value.properties)).toBe(Object.prototype)
    expect(event.ok && Object.entries(event.value.properties)).toEqual([['constructor', 'c']])
  })
})
