import { fileURLToPath } from 'node:url'
import { unstable_readConfig } from 'wrangler'
import * as z from 'zod'

export const ROOT = new URL('../../../', import.meta.url)

const Deployed = z.object({
  compatibility_date: z.string(),
  vars: z.record(z.string(), z.string()),
  durable_objects: z.object({
    bindings: z.array(z.object({ name: z.string(), class_name: z.string() })),
  }),
  exports: z.record(z.string(), z.object({ storage: z.string().optional() })),
  d1_databases: z.array(z.object({ binding: z.string() })),
  ratelimits: z.array(
    z.object({
      name: z.string(),
      namespace_id: z.string(),
      simple: z.object({ limit: z.number(), period: z.union([z.literal(10), z.literal(60)]) }),
    }),
  ),
})

/** What `wrangler.toml` says, without a look at `.dev.vars`, which belong to local runs. */
export const DEPLOYED = Deployed.parse(
  unstable_readConfig(
    { config: fileURLToPath(new URL('wrangler.toml', ROOT)) },
    { hideWarnings: true },
  ),
)

/** How often somebody may ask, as Miniflare takes it. */
export const LIMITS = Object.fromEntries(
  DEPLOYED.ratelimits.map(({ name, ...limit }) => [name, limit]),
)
