import { describe, expect, test } from 'vitest'
import { ConfigError, configOf } from '../../src/config.ts'

const KEY = 'a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'

const TEAM = 'acme.cloudflareaccess.com'

const VARIABLES = {
  ...{ SELVEDGE_KEYS: KEY, VISITOR_SHARDS: '16', UNKNOWN_HOST: 'pass', PRIVATE_ORIGINS: 'no' },
  SIGNAL_OVERRIDES: 'yes',
}

/** What the worker makes of its variables; bindings do not matter here. */
function read(changes: Record<string, string | undefined> = {}) {
  const env: object = { ...VARIABLES, ...changes }
  return configOf(Object.assign(Object.create(null), env))
}

describe('a deployment', () => {
  test('is configured by its variables', async () => {
    const { keys, ...rest } = await read()
    expect(rest).toMatchObject({
      ...{ visitorShards: 16, unknownHost: 'pass', privateOrigins: false, signalOverrides: true },
    })
    expect(Object.values(keys).map((ring) => ring.map(({ id }: { id: string }) => id))).toEqual(
      Array(6).fill(['a']),
    )
  })

  test('has several keys while they are exchanged, the newest first', async () => {
    const { keys } = await read({ SELVEDGE_KEYS: ` b2${KEY.slice(1)} ,${KEY}` })
    expect(keys.cookie.map(({ id }) => id)).toEqual(['b2', 'a'])
  })

  test.each([
    ['no keys', { SELVEDGE_KEYS: undefined }],
    ['empty keys', { SELVEDGE_KEYS: '' }],
    ['a key without an id', { SELVEDGE_KEYS: KEY.slice(2) }],
    ['a key too short', { SELVEDGE_KEYS: KEY.slice(0, -1) }],
    ['a key too long', { SELVEDGE_KEYS: `${KEY}A` }],
    ['a key that no 32 bytes are written as', { SELVEDGE_KEYS: `${KEY.slice(0, -1)}9` }],
    ['a good and a bad key', { SELVEDGE_KEYS: `${KEY},x` }],
    ['no shards', { VISITOR_SHARDS: '0' }],
    ['half a shard', { VISITOR_SHARDS: '1.5' }],
    ['too many shards', { VISITOR_SHARDS: '9999999' }],
    ['an unknown host that is neither', { UNKNOWN_HOST: 'maybe' }],
    ['a flag that is neither', { PRIVATE_ORIGINS: 'true' }],
    ['a team that is an address', { ACCESS_TEAM: 'https://acme.cloudflareaccess.com' }],
    ['a team without an audience', { ACCESS_TEAM: TEAM, ACCESS_STAFF: 'a@b.example owner' }],
    ['a team without staff', { ACCESS_TEAM: TEAM, ACCESS_AUDIENCE: 'tag' }],
    [
      'staff of no known role',
      { ACCESS_TEAM: TEAM, ACCESS_AUDIENCE: 'tag', ACCESS_STAFF: 'a@b.example boss' },
    ],
  ])('with %s is refused in a sentence', async (_, changes) => {
    const refusal = await read(changes).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(refusal).toBeInstanceOf(ConfigError)
    expect(String(refusal).length).toBeGreaterThan(20)
    expect(String(refusal)).not.toContain('AAECAwQFBgcICQoL')
  })
})
