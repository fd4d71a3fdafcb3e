import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { configOf } from '../config.ts'
import { logAct } from '../db/change-log.ts'
import type { Configuration } from '../model/configuration.ts'
import type { Problem } from '../model/problem.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { signLink } from '../staff/link.ts'
import { type PreviewData, withToken } from '../staff/page-link.ts'
import { SampleSchema } from '../visitor/sample.ts'
import { readBodyOf } from './body.ts'
import { changeOf } from './change.ts'
import { compile } from './compile.ts'
import { keepUntil, toKept } from './documents.ts'
import { readConfiguration } from './history.ts'
import { platformOf } from './platform.ts'
import { originOf } from './traces.ts'

/** A week: long enough for whoever has to agree to a change. */
const LONGEST_MINUTES = 7 * 24 * 60

/** A page of a site, by its path and query. */
export const PagePathSchema = z
  .string()
  .max(2048)
  .regex(/^\/(?![/\\])/, 'write a path of the site, as /products')

/** What is to be shown: of the draft or a publication, on which page, to whom, for how long. */
export const PreviewWishSchema = z.strictObject({
  of: z.union([z.literal('draft'), z.int().min(1)]).default('draft'),
  path: PagePathSchema.default('/'),
  visitor: SampleSchema.prefault({}),
  variants: z.record(z.string().max(64), z.string().max(64)).default({}),
  minutes: z.int().min(1).max(LONGEST_MINUTES).default(60),
})

type Wish = z.infer<typeof PreviewWishSchema>

/** Links to pages as they would be; mounted at `/sites/:site`. */
export const previews = new Hono<StaffEnv>().post(
  '/previews',
  requireRole('marketer'),
  async (c) => {
    const wish = await readBodyOf(c, PreviewWishSchema)
    if (!wish.ok) return wish.response
    const configuration = await readConfiguration(c, String(wish.value.of))
    if (!configuration) return problem(c, 'not_found')
    const config = await configOf(c.env)
    const compiled = compile(configuration, platformOf(config))
    const errors = compiled.ok ? mistakesIn(wish.value, configuration) : compiled.error
    if (!compiled.ok || errors.length > 0) return problem(c, 'invalid', { errors })
    const now = Date.now()
    const expiresAt = now + wish.value.minutes * 60_000
    const bundle = await toKept(compiled.value)
    await keepUntil(bundle, c.env.DB, { until: expiresAt, now })
    await logPreview(c, wish.value)
    const data = toData(c, wish.value, bundle.hash)
    const { id: site, hosts } = configuration.site
    const link = { purpose: 'preview', site, by: c.get('staff').subject, data } as const
    const token = await signLink(link, wish.value.minutes * 60, config.keys.link, now)
    const url = new URL(wish.value.path, originOf(c.req.url, hosts))
    return c.json({ url: withToken(url, 'preview', token), expiresAt }, 201)
  },
)

function toData(c: Context, { visitor, variants, path }: Wish, bundle: string): PreviewData {
  const { pathname } = new URL(path, c.req.url)
  const { origin } = new URL(c.req.url)
  return { bundle, visitor: { ...visitor, path: pathname }, variants, console: origin }
}

async function logPreview(c: Context<StaffEnv>, { of, minutes }: Wish): Promise<void> {
  const what = of === 'draft' ? 'the draft' : `publication ${of}`
  await logAct(c.env.DB, changeOf(c), {
    ...{ action: 'create', site: c.req.param('site') ?? '', kind: 'previews' },
    summary: `Made a link to a preview of ${what} for ${minutes} min.`,
  })
}

/** Variants that are asked for must be those of their experience. */
function mistakesIn({ variants }: Wish, { experiences }: Configuration): Problem[] {
  return Object.entries(variants).flatMap(([id, variant]) => {
    const experience = experiences.find((known) => known.id === id)
    if (experience?.variants.some((arm) => arm.variant === variant)) return []
    const detail = experience
      ? `“${id}” has no variant “${variant}”.`
      : `There is no experience “${id}”.`
    return [{ code: 'unknown_reference', pointer: `/variants/${id}`, detail }]
  })
}
