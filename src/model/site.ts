import * as z from 'zod'
import { FieldName, Id } from './id.ts'
import { ConsentTierSchema } from './visitor.ts'

/** Asymmetric signatures only, so that whoever can verify a token cannot forge one. */
export const JWT_ALGORITHMS = ['ES256', 'ES384', 'EdDSA', 'PS256', 'RS256'] as const

const PublicKey = z.looseObject({
  kty: z.enum(['EC', 'OKP', 'RSA']),
  kid: z.string().min(1).max(128),
  d: z.undefined({ error: 'this is a private key; publish only its public part' }).optional(),
})

/** How a site's visitors sign in: where the token travels, who may have signed it. */
export const JwtSchema = z.strictObject({
  from: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('cookie'), name: z.string().min(1).max(128) }),
    z.strictObject({ kind: z.literal('bearer') }),
  ]),
  issuer: z.string().min(1).max(256),
  audience: z.string().min(1).max(256),
  algorithm: z.enum(JWT_ALGORITHMS),
  /** The `typ` header a token must carry. */
  type: z.string().min(1).max(64).default('JWT'),
  keys: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('local'), keys: z.array(PublicKey).min(1).max(20) }),
    z.strictObject({ kind: z.literal('remote'), url: z.url({ protocol: /^https?$/ }) }),
  ]),
  /** Seconds since `iat` after which a token is too old whatever its `exp` says. */
  maxAge: z.int().min(60).max(31_536_000).default(86_400),
  /** Attribute of `visitor.user` → name of the claim that fills it. */
  claims: z.record(FieldName, z.string().min(1).max(128)).default({}),
})

/** Which consent applies when the visitor has said nothing, and where their word is kept. */
export const ConsentSchema = z.strictObject({
  default: ConsentTierSchema.default(0),
  /**
   * Whether pages of visitors at tier 0 tell which of their variants were seen and clicked. Nothing is stored
   * in the browser and nobody is named: each view of a page is somebody new.
   */
  aggregate: z.boolean().optional(),
  cookie: z
    .strictObject({
      name: z.string().min(1).max(128),
      /** Value of that cookie → tier; a value not listed counts as not said. */
      tiers: z.record(z.string().max(256), ConsentTierSchema),
    })
    .optional(),
})

const Origin = z
  .url({ protocol: /^https?$/ })
  .refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'scheme, host and port only, in lower case',
  )

/** A web site that Selvedge stands in front of. */
export const SiteSchema = z.strictObject({
  id: Id,
  name: z.string().min(1).max(120),
  /** `example.com` matches any port, `localhost:8787` only that one. */
  hosts: z.array(z.string().regex(/^[a-z0-9.-]+(:\d{1,5})?$/, 'a lower-case host name')).min(1),
  /** Where pages come from; scheme, host and port only. */
  origin: z.url({ protocol: /^https?$/ }),
  /** IANA zone for schedules and for visitors whose zone is unknown. */
  timezone: z.string().default('UTC'),
  /** Share of visitors, 0–0.5, who always get the origin's page, to measure what all this is worth. */
  holdout: z.number().min(0).max(0.5).default(0.05),
  /** Audiences that get the origin's page whatever is configured, and are counted nowhere. */
  excluded: z.array(Id).max(20).optional(),
  /** Page views whose decisions are written down, in ten-thousandths; 10 unless given. */
  logShare: z.int().min(0).max(10_000).optional(),
  /** Groups of experiences of which a visitor is in one at most. */
  layers: z
    .array(z.strictObject({ id: Id, name: z.string().max(120).default('') }))
    .max(50)
    .optional(),
  consent: ConsentSchema.default({ default: 0 }),
  jwt: JwtSchema.optional(),
  /**
   * What a page's `identify` with a user id is worth: a `claim`, which routes that user's events of servers and no
   * more, as anybody can make it; or enough to `join` the profile of that user. No policy believes it.
   */
  identify: z.enum(['claim', 'join']).optional(),
  /** Other origins whose pages may send events here, such as `https://app.example.com`. */
  eventOrigins: z.array(Origin).max(20).optional(),
  /**
   * Pages that are the same for all visitors for so many seconds, where the origin does not say so itself.
   * What it calls private, or sends with a cookie, is never kept all the same.
   */
  keep: z
    .array(
      z.strictObject({
        pages: z.array(z.string().startsWith('/').max(512)).min(1).max(50),
        seconds: z.int().min(1).max(86_400),
      }),
    )
    .max(100)
    .optional(),
  /** Pages that carry the beacon: those with a slot or a page goal, or every HTML page. */
  beacon: z.enum(['needed', 'everywhere']).default('needed'),
  /** A draft is published only once somebody who has no part in it has approved it. */
  approval: z.boolean().optional(),
  /** Where what needs somebody is told as it comes up, and the report of each week. */
  notify: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }).max(2048),
      /** Mondays at 7 by the site's clock. */
      weekly: z.boolean().default(true),
    })
    .optional(),
})

export type Site = z.infer<typeof SiteSchema>
export type JwtConfig = z.infer<typeof JwtSchema>
export type ConsentConfig = z.infer<typeof ConsentSchema>
