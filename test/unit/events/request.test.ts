import { describe, expect, test } from 'vitest'
import {
  BROWSER_LIMITS,
  isOversize,
  MAX_MESSAGE_BYTES,
  parseRequest,
  SERVER_LIMITS,
  TYPES,
} from '../../../src/events/request.ts'
import { err, ok } from '../../../src/model/result.ts'

const SENT = '2026-11-17T12:00:00.000Z'
const sent = (messages: readonly unknown[], more: object = {}) =>
  ok({ messages, sentAt: undefined, writeKey: '', ...more })

const parse = (body: unknown, type?: string) =>
  parseRequest(typeof body === 'string' ? body : JSON.stringify(body), type, BROWSER_LIMITS)

describe('a body', () => {
  test('is a batch with what it says of all its messages', () => {
    expect(parse({ batch: [1, {}] })).toEqual(sent([1, {}]))
    const more = { sentAt: SENT, writeKey: 'k' }
    const read = { sentAt: Date.parse(SENT), writeKey: 'k' }
    expect(parse({ batch: [{}], ...more })).toEqual(sent([{}], read))
    expect(parse({ batch: [{}], sentAt: null, writeKey: null })).toEqual(sent([{}]))
  })

  test('is one message, whose type is its own before that of its path', () => {
    expect(parse({ event: 'A' }, 'track')).toEqual(sent([{ type: 'track', event: 'A' }]))
    expect(parse({ type: 'page' }, 'track')).toEqual(sent([{ type: 'page' }]))
    expect(parse({ batch: [1] }, 'track')).toEqual(sent([{ type: 'track', batch: [1] }]))
  })

  test.each<[string, unknown, string | undefined, string]>([
    ['no JSON', '{', undefined, 'bad_json'],
    ['nothing', '', 'track', 'bad_json'],
    ['a list', [{}], undefined, 'bad_events'],
    ['null', null, 'track', 'bad_events'],
    ['a text', '"x"', 'track', 'bad_events'],
    ['a batch of none', { batch: [] }, undefined, 'bad_events'],
    ['a batch that is no list', { batch: {} }, undefined, 'bad_events'],
    ['with a number for a key', { batch: [{}], writeKey: 1 }, undefined, 'bad_events'],
    ['more than a browser may send', { batch: Array(101).fill(0) }, undefined, 'too_large'],
  ])('that is %s is refused', (_, body, type, reason) => {
    expect(parse(body, type)).toEqual(err(reason))
  })

  test('of a server holds more', () => {
    const many = JSON.stringify({ batch: Array(2_500).fill(0) })
    expect(parseRequest(many, undefined, SERVER_LIMITS).ok).toBe(true)
  })
})

test('twelve paths take one message', () => {
  expect([...TYPES]).toEqual(
    ['track', 'identify', 'page', 'screen', 'group', 'alias'].flatMap((type) => [
      [type, type],
      [type[0], type],
    ]),
  )
})

test('a message is measured in bytes, and only where its request is large enough', () => {
  const message = { text: 'å'.repeat(MAX_MESSAGE_BYTES / 2) }
  const { length } = JSON.stringify(message)
  expect(length).toBeLessThan(MAX_MESSAGE_BYTES)
  expect(isOversize(message, MAX_MESSAGE_BYTES + 1)).toBe(true)
  expect(isOversize({ text: 'å'.repeat(100) }, MAX_MESSAGE_BYTES + 1)).toBe(false)
  expect(isOversize(message, MAX_MESSAGE_BYTES)).toBe(false)
})
