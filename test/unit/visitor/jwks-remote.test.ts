import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createJwtVerifier } from '../../../src/visitor/jwt.ts'
import { config, generateKey, header, JWKS_URL, NOW, part, payload, sign } from './issuer.ts'

const MINUTE = 60
const HOUR = 3600

const OLD = await generateKey('ES256', 'old')
const NEW = await generateKey('ES256', 'new')

/** Tokens are judged at one moment throughout, so that only the keys grow old. */
const oldToken = await sign(OLD, header(OLD), payload())
const newToken = await sign(NEW, header(NEW), payload())
const inventedToken = (kid: string) =>
  `${part(header(OLD, { kid }))}.${part(payload())}.${part(new Uint8Array(64))}`

const ACCEPTED = { ok: true, value: { subject: 'customer-7' } }
const refused = (error: string) => ({ ok: false, error })

const publishing =
  (...keys: unknown[]) =>
  async () =>
    Response.json({ keys })
const down = async () => {
  throw new TypeError('connection refused')
}
const never = () => new Promise<Response>(() => {})

/** An issuer whose answer can be changed, and a clock in seconds. */
function scene(answer: () => Promise<Response>) {
  const issuer = { answer, requests: [] as { url: string; init: RequestInit | undefined }[] }
  const clock = { seconds: NOW }
  const verifier = createJwtVerifier(config(OLD, { keys: { kind: 'remote', url: JWKS_URL } }), {
    fetch: async (input, init) => {
      issuer.requests.push({ url: String(input), init })
      return issuer.answer()
    },
    now: () => clock.seconds * 1000,
  })
  return { issuer, clock, verify: (token: string) => verifier.verify(token, NOW * 1000) }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('while the issuer answers', () => {
  it('fetches nothing before the first token that may be genuine', async () => {
    const { issuer, verify } = scene(publishing(OLD.publicJwk))
    await verify('')
    await verify(await sign(OLD, header(OLD, { alg: 'none' }), payload()))
    expect(issuer.requests).toEqual([])
  })

  it('fetches once in 10 minutes', async () => {
    const { issuer, clock, verify } = scene(publishing(OLD.publicJwk))
    for (let second = 0; second < 10 * MINUTE; second += 10) {
      clock.seconds = NOW + second
      expect(await verify(oldToken)).toMatchObject(ACCEPTED)
    }
    expect(issuer.requests).toHaveLength(1)
    clock.seconds = NOW + 10 * MINUTE
    expect(await verify(oldToken)).toMatchObject(ACCEPTED)
    expect(issuer.requests).toHaveLength(2)
  })

  it('asks the configured address, without following redirects', async () => {
    const { issuer, verify } = scene(publishing(OLD.publicJwk))
    await verify(oldToken)
    expect(issuer.requests).toMatchObject([{ url: JWKS_URL, init: { redirect: 'manual' } }])
  })

  it('picks up a new key 30 s after the last fetch', async () => {
    const { issuer, clock, verify } = scene(publishing(OLD.publicJwk))
    await verify(oldToken)
    issuer.answer = publishing(OLD.publicJwk, NEW.publicJwk)
    clock.seconds += 29
    expect(await verify(newToken)).toEqual(refused('unknown_key'))
    clock.seconds += 1
    expect(await verify(newToken)).toMatchObject(ACCEPTED)
    expect(await verify(oldToken)).toMatchObject(ACCEPTED)
    expect(issuer.requests).toHaveLength(2)
  })

  it('forgets a withdrawn key within 10 minutes', async () => {
    const { issuer, clock, verify } = scene(publishing(OLD.publicJwk))
    await verify(oldToken)
    issuer.answer = publishing(NEW.publicJwk)
    clock.seconds += 10 * MINUTE
    expect(await verify(oldToken)).toEqual(refused('unknown_key'))
  })

  it('takes the withdrawal of all keys at its word', async () => {
    const { issuer, clock, verify } = scene(publishing(OLD.publicJwk))
    await verify(oldToken)
    issuer.answer = publishing()
    clock.seconds += 10 * MINUTE
    expect(await verify(oldToken)).toEqual(refused('unknown_key'))
  })

  it('answers 10,000 invented kids with one fetch in 30 s', async () => {
    const { issuer, clock, verify } = scene(publishing(OLD.publicJwk))
    for (let n = 0; n < 10_000; n += 1) {
      clock.seconds = NOW + n * 0.0029
      expect(await verify(inventedToken(`invented-${n}`))).toEqual(refused('unknown_key'))
    }
    expect(issuer.requests).toHaveLength(1)
  }, 60_000)

  it('never fetches twice in 30 s, however long a flood lasts', async () => {
    const { issuer, clock, verify } = scene(publishing(OLD.publicJwk))
    const times: number[] = []
    for (let second = 0; second < 300; second += 1) {
      clock.seconds = NOW + second
      await verify(inventedToken(`invented-${second}`))
      if (issuer.requests.length > times.length) times.push(second)
    }
    expect(times).toEqual([0, 30, 60, 90, 120, 150, 180, 210, 240, 270])
  })

  it('serves 50 concurrent visitors with one fetch', async () => {
    const release = Promise.withResolvers<Response>()
    const { issuer, verify } = scene(() => release.promise)
    const visitors = Array.from({ length: 50 }, () => verify(oldToken))
    await vi.advanceTimersByTimeAsync(200)
    release.resolve(Response.json({ keys: [OLD.publicJwk] }))
    await pumpUntil(Promise.all(visitors))
    for (const visitor of visitors) expect(await visitor).toMatchObject(ACCEPTED)
    expect(issuer.requests).toHaveLength(1)
  })

  it('serves known kids at once while old keys are fetched anew', async () => {
    const { issuer, clock, verify } = scene(publishing(OLD.publicJwk))
    await verify(oldToken)
    clock.seconds += 10 * MINUTE
    issuer.answer = never
    const refreshing = verify(oldToken)
    expect(await verify(oldToken)).toMatchObject(ACCEPTED)
    await vi.advanceTimersByTimeAsync(1000)
    expect(await refreshing).toMatchObject(ACCEPTED)
    expect(issuer.requests).toHaveLength(2)
  })
})

describe('while the issuer is away', () => {
  it.each([
    ['1 h', HOUR, ACCEPTED],
    ['24 h less a second', 24 * HOUR - 1, ACCEPTED],
    ['25 h', 25 * HOUR, refused('keys_unavailable')],
  ])('for %s, a known kid', async (_, away, outcome) => {
    const { issuer, clock, verify } = scene(publishing(OLD.publicJwk))
    await verify(oldToken)
    issuer.answer = down
    for (let age = 0; age < away; age += 10 * MINUTE) {
      clock.seconds = NOW + age
      await verify(oldToken)
    }
    clock.seconds = NOW + away
    expect(await verify(oldToken)).toMatchObject(outcome)
  })

  it('recovers when it is back', async () => {
    const { issuer, clock, verify } = scene(down)
    expect(await verify(oldToken)).toEqual(refused('keys_unavailable'))
    issuer.answer = publishing(OLD.publicJwk)
    clock.seconds += 29
    expect(await verify(oldToken)).toEqual(refused('keys_unavailable'))
    clock.seconds += 1
    expect(await verify(oldToken)).toMatchObject(ACCEPTED)
  })

  it('asks it no more than once in 30 s', async () => {
    const { issuer, clock, verify } = scene(down)
    for (let second = 0; second < 120; second += 1) {
      clock.seconds = NOW + second
      await verify(oldToken)
    }
    expect(issuer.requests).toHaveLength(4)
  })

  it('does not wait for a clock that was set back', async () => {
    const { issuer, clock, verify } = scene(publishing(OLD.publicJwk))
    await verify(oldToken)
    issuer.answer = publishing(NEW.publicJwk)
    clock.seconds -= HOUR
    expect(await verify(newToken)).toMatchObject(ACCEPTED)
  })

  it('lets the next visitor fetch when the one who did hung up', async () => {
    const { issuer, clock, verify } = scene(never)
    void verify(oldToken)
    issuer.answer = publishing(OLD.publicJwk)
    clock.seconds += 1
    const waiting = verify(oldToken)
    clock.seconds += 1
    expect(await verify(oldToken)).toMatchObject(ACCEPTED)
    await pumpUntil(waiting)
    expect(await waiting).toMatchObject(ACCEPTED)
    expect(issuer.requests).toHaveLength(2)
  })

  it('does not let an answer given up on replace a newer one', async () => {
    const late = Promise.withResolvers<Response>()
    const { issuer, clock, verify } = scene(() => late.promise)
    const first = verify(oldToken)
    issuer.answer = publishing(NEW.publicJwk)
    clock.seconds += 2
    expect(await verify(newToken)).toMatchObject(ACCEPTED)
    late.resolve(Response.json({ keys: [OLD.publicJwk] }))
    expect(await first).toEqual(refused('unknown_key'))
    expect(await verify(newToken)).toMatchObject(ACCEPTED)
  })
})

describe('refuses a document', () => {
  const bytes = new TextEncoder()
  const padded = (size: number) => JSON.stringify({ keys: [OLD.publicJwk], pad: 'x'.repeat(size) })

  it.each<readonly [string, () => Response]>([
    ['over 64 KB', () => new Response(padded(65_536))],
    ['that is endless', () => new Response(endless('{"keys":[],"pad":"'))],
    ['that is HTML', () => new Response('<!doctype html><title>Maintenance</title>')],
    ['that is empty', () => new Response('')],
    ['without a body', () => new Response(null)],
    ['that is cut', () => new Response(padded(10).slice(0, -1))],
    ['that is not UTF-8', () => new Response(latin1(padded(1).replace('x', '\u00ff')))],
    ['of 21 keys', () => Response.json({ keys: Array(21).fill(OLD.publicJwk) })],
    ['without keys', () => Response.json({ error: 'busy' })],
    ['with status 500', () => Response.json({ keys: [OLD.publicJwk] }, { status: 500 })],
    ['with status 404', () => Response.json({ keys: [OLD.publicJwk] }, { status: 404 })],
    ['with status 206', () => Response.json({ keys: [OLD.publicJwk] }, { status: 206 })],
    ['moved elsewhere', () => Response.redirect('https://evil.example/jwks.json', 302)],
    ['that breaks off', () => new Response(breaking('{"keys":['))],
  ])('%s', async (_, answer) => {
    const { issuer, clock, verify } = scene(async () => answer())
    expect(await verify(oldToken)).toEqual(refused('keys_unavailable'))
    expect(issuer.requests).toHaveLength(1)

    issuer.answer = publishing(OLD.publicJwk)
    clock.seconds += 30
    expect(await verify(oldToken)).toMatchObject(ACCEPTED)
    issuer.answer = async () => answer()
    clock.seconds += HOUR
    expect(await verify(oldToken)).toMatchObject(ACCEPTED)
  })

  it.each([
    ['that does not come', never],
    ['that stalls', async () => new Response(stalling('{"keys":['))],
  ])('%s, after 1 s', async (_, answer) => {
    const { verify } = scene(answer)
    let result: unknown
    const verified = verify(oldToken).then((outcome) => {
      result = outcome
    })
    await vi.advanceTimersByTimeAsync(999)
    expect(result).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1)
    await verified
    expect(result).toEqual(refused('keys_unavailable'))
  })

  it('but not one of just 64 KB', async () => {
    const exact = padded(65_536 - padded(0).length)
    expect(bytes.encode(exact)).toHaveLength(65_536)
    const { verify } = scene(async () => new Response(exact))
    expect(await verify(oldToken)).toMatchObject(ACCEPTED)
  })

  function latin1(text: string): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
  }

  function endless(start: string): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start: (controller) => controller.enqueue(bytes.encode(start)),
      pull: (controller) => controller.enqueue(bytes.encode('x'.repeat(1000))),
    })
  }

  function stalling(start: string): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start: (controller) => controller.enqueue(bytes.encode(start)),
      pull: () => new Promise(() => {}),
    })
  }

  function breaking(start: string): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start: (controller) => controller.enqueue(bytes.encode(start)),
      pull: (controller) => controller.error(new TypeError('connection reset')),
    })
  }
})

/**
 * Key import and verification run beside the faked timers; both have to move for this to settle.
 */
async function pumpUntil(work: Promise<unknown>): Promise<void> {
  let settled = false
  void work.finally(() => {
    settled = true
  })
  for (let turn = 0; turn < 200 && !settled; turn += 1) {
    await vi.advanceTimersByTimeAsync(10)
    await crypto.subtle.digest('SHA-256', new Uint8Array(1))
  }
  await work
}
