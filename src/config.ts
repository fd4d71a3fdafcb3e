import * as z from 'zod'
import { deriveKeys, KEY_PATTERN } from './keys.ts'
import type { Keys } from './model/keys.ts'
import { type Access, readAdmitted } from './staff/access.ts'

/** What a deployment sets: variables of `wrangler.toml` and the one secret, parsed and derived. */
export interface Config {
  readonly keys: Keys
  readonly visitorShards: number
  readonly unknownHost: 'pass' | '404'
  readonly privateOrigins: boolean
  readonly signalOverrides: boolean
  /** Whom Cloudflare Access may sign in; nobody where it is left out. */
  readonly access: Access | undefined
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
  ACCESS_TEAM: z
    .string()
    .regex(/^([a-z0-9-]+\.cloudflareaccess\.com)?$/, {
      error: 'ACCESS_TEAM is the host of your team, such as acme.cloudflareaccess.com, or empty.',
    })
    .default(''),
  ACCESS_AUDIENCE: z.string().default(''),
  ACCESS_STAFF: z.string().default(''),
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
    access: toAccess(vars),
  }
}

function toAccess(vars: z.infer<typeof Variables>): Access | undefined {
  const { ACCESS_TEAM: team, ACCESS_AUDIENCE: audience, ACCESS_STAFF: list } = vars
  if (team === '') return undefined
  const staff = readAdmitted(list)
  if (audience === '' || !staff) {
    throw new ConfigError(
      'With ACCESS_TEAM set ACCESS_AUDIENCE to the application’s audience tag, and ACCESS_STAFF to who may do what: `maria@acme.example owner; *@acme.example marketer`.',
    )
  }
  return { team, audience, staff }
}
