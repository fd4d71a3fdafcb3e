import * as z from 'zod'
import { deriveKeys, KEY_PATTERN } from './keys.ts'
import type { Keys } from './model/keys.ts'

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
