import * as z from 'zod'
import { fromBase64Url } from './model/base64url.ts'
import type { Keyring, Keys } from './model/keys.ts'

/** What a deployment sets: variables of `wrangler.toml` and the one secret, parsed and derived. */
export interface Config {
  readonly keys: Keys
  readonly visitorShards: number
  readonly unknownHost: 'pass' | '404'
  readonly privateOrigins: boolean
  readonly signalOverrides: boolean
}

/** The deployment is not configured; the message is a sentence that says what to do. */
export class ConfigError extends Error {
  readonly code = 'not_configured'
}

const flag = z.enum(['yes', 'no']).transform((value) => value === 'yes')

/** 32 bytes are 43 characters, the last of which has two bits to spare. */
const KEY_PATTERN = /^([a-z0-9]{1,16}):([\w-]{42}[AEIMQUYcgkosw048])$/

const Variables = z.object({
  SELVEDGE_KEYS: z
    .string({
      error:
        'Set the secret SELVEDGE_KEYS: `npx wrangler secret put SELVEDGE_KEYS` with the line that `npm run token -- --new-key` prints.',
    })
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(
      z.array(
        z
          .string()
          .regex(
            KEY_PATTERN,
            'SELVEDGE_KEYS must be `id:key` pairs; keys are 32 bytes, base64url.',
          ),
      ),
    ),
  VISITOR_SHARDS: z.coerce.number().int().min(1).max(4096),
  UNKNOWN_HOST: z.enum(['pass', '404']),
  PRIVATE_ORIGINS: flag,
  SIGNAL_OVERRIDES: flag,
})

const parsed = new WeakMap<object, Promise<Config>>()

/** The configuration of this deployment, parsed once per isolate. Rejects with `ConfigError`. */
export function configOf(env: Env): Promise<Config> {
  const known = parsed.get(env)
  if (known) return known
  const config = parseConfig(env)
  parsed.set(env, config)
  return config
}

async function parseConfig(env: Env): Promise<Config> {
  const result = Variables.safeParse(env)
  if (!result.success) {
    throw new ConfigError(result.error.issues.map((issue) => issue.message).join(' '))
  }
  const vars = result.data
  return {
    keys: await deriveKeys(vars.SELVEDGE_KEYS),
    visitorShards: vars.VISITOR_SHARDS,
    unknownHost: vars.UNKNOWN_HOST,
    privateOrigins: vars.PRIVATE_ORIGINS,
    signalOverrides: vars.SIGNAL_OVERRIDES,
  }
}

/** HKDF-SHA-256 (RFC 5869) of each secret, with the purpose as its context. */
export async function deriveKeys(pairs: readonly string[]): Promise<Keys> {
  const secrets = await Promise.all(
    pairs.map(async (pair) => {
      const [, id = '', text = ''] = KEY_PATTERN.exec(pair) ?? []
      const bytes = fromBase64Url(text)
      return { id, key: await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']) }
    }),
  )
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 }
  const ring = (purpose: string, algorithm: object, usages: KeyUsage[]): Promise<Keyring> =>
    Promise.all(
      secrets.map(async ({ id, key }) => ({
        id,
        key: await crypto.subtle.deriveKey(
          {
            name: 'HKDF',
            hash: 'SHA-256',
            salt: new Uint8Array(),
            info: new TextEncoder().encode(`selvedge ${purpose}`),
          },
          key,
          algorithm as HmacKeyGenParams,
          false,
          usages,
        ),
      })),
    )
  return {
    cookie: await ring('visitor cookie', { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']),
    token: await ring('page token', hmac, ['sign', 'verify']),
    staff: await ring('staff token', hmac, ['sign', 'verify']),
  }
}

type KeyUsage = 'encrypt' | 'decrypt' | 'sign' | 'verify'
interface HmacKeyGenParams {
  name: string
  hash: string
  length: number
}
