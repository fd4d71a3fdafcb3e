import { describe, expect, test } from 'vitest'
import { isEligible } from '../../../src/site/eligible.ts'

const HTML = 'text/html,application/xhtml+xml,*/*;q=0.8'

interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string>
}

const dest = (value: string, accept = HTML): Sent => ({
  headers: { 'sec-fetch-dest': value, accept },
})

describe('a request that may be personalised', () => {
  test.each<[string, Sent, ReturnType<typeof isEligible>]>([
    ['a navigation', dest('document'), true],
    ['a frame', dest('iframe'), true],
    ['an old frame', dest('frame'), true],
    ['a head', { method: 'HEAD', headers: { accept: HTML } }, true],
    ['an old browser, by what it accepts', { headers: { accept: HTML } }, true],
    ['a client that accepts anything', { headers: { accept: '*/*' } }, true],
    ['a client that does not say', {}, true],
    ['a picture', dest('image', 'image/avif,*/*'), 'not_a_document'],
    ['a script', dest('script', '*/*'), 'not_a_document'],
    ['a fetch', dest('empty', '*/*'), 'not_a_document'],
    ['a fetch of HTML', dest('empty'), 'not_a_document'],
    ['an api client', { headers: { accept: 'application/json' } }, 'not_a_document'],
    ['a post', { method: 'POST', headers: { accept: HTML } }, 'method'],
    ['an options', { method: 'OPTIONS' }, 'method'],
    ['a put', { method: 'PUT' }, 'method'],
    ['a websocket', { headers: { upgrade: 'websocket', accept: HTML } }, 'upgrade'],
  ])('%s', (_, sent, expected) => {
    expect(isEligible(new Request('https://shop.test/', sent))).toBe(expected)
  })
})
