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
    expect(event.ok && event.value.event).toMatchObject({ messageId: 'm1', at: NOW, ...expected })
  })

  test.each([
    ['a screen', { type: 'screen', name: 'Home' }, { kind: 'screen', name: 'Home' }],
    ['a group', { type: 'group', groupId: 'g' }, { kind: 'group', name: '' }],
    ['an alias', { type: 'alias', previousId: 'p' }, { kind: 'alias', name: '' }],
  ])('may be %s', (_, message, expected) => {
    expect(read({ messageId: 'm', ...message })).toMatchObject({ value: { event: expected } })
  })

  test('says who it is of; null and nothing are nobody, numbers are written out', () => {
    const who = { userId: 42, anonymousId: null, previousId: 'old' }
    expect(read(track(who))).toMatchObject({
      value: { who: { userId: '42', anonymousId: '', previousId: 'old' } },
    })
  })

  test.each([
    ['no object', 'track', 'malformed'],
    ['nothing', null, 'malformed'],
    ['without an id, where null stands for it', track({ messageId: null }), 'malformed'],
    ['with half a character for an id', track({ messageId: '\ud800' }), 'malformed'],
    ['with an id that ends early', track({ messageId: 'a\u0000b' }), 'malformed'],
    ['with half a character for a user', track({ userId: 'u\udfff' }), 'malformed'],
    ['with a number for an id', track({ messageId: 7 }), 'malformed'],
    ['with an object for a user', track({ userId: { id: 1 } }), 'malformed'],
    ['with a list for a name', track({ event: ['Order'] }), 'malformed'],
    ['with a number for a time', track({ timestamp: NOW }), 'malformed'],
    ['without an id', track({ messageId: undefined }), 'no_message_id'],
    ['with an empty id', track({ messageId: '' }), 'no_message_id'],
    ['with a very long id', track({ messageId: 'x'.repeat(129) }), 'malformed'],
    ['a track without a name', track({ event: undefined }), 'malformed'],
    ['a track with an empty name', track({ event: '' }), 'malformed'],
    ['with a time that is none', track({ timestamp: 'yesterday' }), 'malformed'],
    ['with properties that are a list', track({ properties: [1] }), 'malformed'],
    ['of a type that is not taken', track({ type: 'delete' }), 'unsupported_type'],
    ['older than a week', track({ timestamp: iso(NOW - 7 * DAY - 1) }), 'too_old'],
    ['of the future', track({ timestamp: iso(NOW + 300_001) }), 'in_future'],
  ])('is refused when it is %s', (_, message, reason) => {
    expect(read(message)).toEqual(err(reason))
  })
})

describe('the time of an event', () => {
  const at = (message: object, sentAt?: number) => {
    const event = read(message, sentAt)
    return event.ok ? event.value.event.at : event.error
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
    ['now, where only the sending is dated', undefined, NOW - 3_600_000, NOW],
  ])('is %s', (_, timestamp, sentAt, expected) => {
    expect(at(track({ timestamp }), sentAt)).toBe(expected)
  })

  test('is corrected by the message’s own sending before that of its batch', () => {
    const slow = track({ timestamp: iso(NOW - 3_600_000), sentAt: iso(NOW - 3_600_000) })
    expect(at(slow, NOW)).toBe(NOW)
  })

  test('is the original one, corrected; but one beside it was corrected already', () => {
    const original = { timestamp: undefined, originalTimestamp: iso(NOW - 3_610_000) }
    expect(at(track(original), NOW - 3_600_000)).toBe(NOW - 10_000)
    const both = { originalTimestamp: iso(NOW - DAY), timestamp: iso(NOW - 5_000) }
    expect(at(track(both), NOW - DAY)).toBe(NOW - 5_000)
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
    return event.ok ? event.value.event.properties : event.error
  }

  test('are flat, finite and cut', () => {
    const given = { a: 'x'.repeat(300), b: 1, c: true, d: null, e: [1], f: { g: 1 }, h: '' }
    expect(properties(given)).toEqual({ a: 'x'.repeat(256), b: 1, c: true, h: '' })
    expect(
      read(track({ properties: { a: Number.POSITIVE_INFINITY, b: Number.NaN } })),
    ).toMatchObject({ value: { event: { properties: {} } } })
  })

  test('are two hundred at most, nested ones counted', () => {
    const many = (count: number) => {
      return Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, n % 2 ? n : [n]]))
    }
    expect(Object.keys(properties(many(200)))).toHaveLength(100)
    expect(properties(many(201))).toBe('too_many_properties')
    const traits = track({ type: 'identify', traits: many(201) })
    expect(read(traits)).toEqual(err('too_many_properties'))
  })

  test('reach no prototype', () => {
    const message = `{"type":"track","messageId":"m","event":"x","properties":{"__proto__":{"a":1},"constructor":"c"}}`
    const event = read(JSON.parse(message))
    expect(event.ok && Object.getPrototypeOf(event.value.event.properties)).toBe(Object.prototype)
    expect(event.ok && Object.entries(event.value.event.properties)).toEqual([['constructor', 'c']])
  })
})
