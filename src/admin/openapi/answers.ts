import * as z from 'zod'
import { KINDS } from '../../model/configuration.ts'
import { ModuleSchema } from '../../model/module.ts'
import { CountsSchema } from '../../model/report.ts'
import { SiteSchema } from '../../model/site.ts'
import { ROLES } from '../../staff/token.ts'

/** Forms of answers. Times are epoch ms throughout. */

const Hash = z.string().regex(/^[0-9a-f]{64}$/)
const Count = z.number().min(0)

export const StaffSchema = z.object({
  subject: z.string(),
  role: z.enum(ROLES),
  /** The only sites that they have to do with; all where it is left out. */
  sites: z.array(z.string()).optional(),
})

/** A document with its version, which is its ETag. */
export const thingOf = (doc: z.ZodType) =>
  z.object({ doc, version: z.int(), updatedAt: z.int(), updatedBy: z.string() })

export const pageOf = (item: z.ZodType) =>
  z.object({ items: z.array(item), next: z.string().nullable() })

export const SitesSchema = z.object({
  sites: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      hosts: z.array(z.string()),
      bundle: Hash.nullable(),
      publishedAt: z.int().nullable(),
      off: z.boolean(),
    }),
  ),
})

export const SiteThingSchema = thingOf(SiteSchema)

export const MistakeSchema = z.object({
  code: z.string(),
  pointer: z.string(),
  detail: z.string(),
})

export const CheckReportSchema = z.object({
  problems: z.array(MistakeSchema),
  warnings: z.array(MistakeSchema),
  collisions: z.array(
    z.object({
      slot: z.string(),
      experiences: z.array(z.string()),
      winner: z.string(),
      detail: z.string(),
    }),
  ),
})

export const PublishedSchema = z.object({
  seq: z.int(),
  bundle: Hash,
  at: z.int(),
  warnings: z.array(MistakeSchema),
})

export const ScheduledSchema = z.object({
  id: z.int(),
  at: z.int(),
  hash: Hash,
  note: z.string(),
  by: z.string(),
  madeAt: z.int(),
  state: z.enum(['waiting', 'done', 'failed', 'cancelled']),
  detail: z.string().optional(),
})

export const ScheduleSchema = z.object({ items: z.array(ScheduledSchema) })

export const SiteStateSchema = SitesSchema.shape.sites.element

export const PublicationSchema = z.object({
  seq: z.int(),
  hash: Hash,
  at: z.int(),
  by: z.string(),
  note: z.string(),
  restores: z.int().optional(),
  current: z.boolean(),
})

export const DifferencesSchema = z.object({
  differences: z.array(
    z.object({
      kind: z.enum(['site', ...KINDS]),
      id: z.string(),
      name: z.string(),
      change: z.enum(['added', 'removed', 'changed', 'moved']),
      sentence: z.string(),
      fields: z.array(
        z.object({
          pointer: z.string(),
          before: z.unknown().optional(),
          after: z.unknown().optional(),
          sentence: z.string(),
        }),
      ),
    }),
  ),
})

export const ReviewSchema = z.object({
  id: z.int(),
  revision: z.int(),
  at: z.int(),
  by: z.string(),
  note: z.string(),
  state: z.enum(['open', 'outdated', 'approved', 'declined']),
  decidedAt: z.int().nullable().optional(),
  decidedBy: z.string().nullable().optional(),
  decidedNote: z.string().optional(),
})

export const ReviewsSchema = z.object({
  items: z.array(ReviewSchema),
  required: z.boolean(),
  approved: z.boolean(),
  authors: z.array(z.string()),
})

export const LinkSchema = z.object({ url: z.url(), expiresAt: z.int() })

export const FoundSchema = z.object({
  matches: z.record(z.string(), z.int().min(0)).nullable(),
  why: z.union([z.int(), z.string()]).optional(),
})

export const ExplanationSchema = z.object({
  matches: z.boolean(),
  sentence: z.string(),
  clauses: z.array(
    z.object({ sentence: z.string(), matches: z.boolean(), actual: z.unknown().optional() }),
  ),
})

export const MadeSchema = z.object({
  things: z.array(z.object({ kind: z.enum(KINDS), id: z.string() })),
})

export const GallerySchema = z.object({
  modules: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      about: z.string(),
      module: ModuleSchema,
      content: z.record(z.string(), z.unknown()),
    }),
  ),
  recipes: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      about: z.string(),
      choices: z.array(z.looseObject({ name: z.string() })),
    }),
  ),
})

export const AuditSchema = pageOf(
  z.object({
    seq: z.int(),
    at: z.int(),
    by: z.string(),
    role: z.string(),
    action: z.string(),
    site: z.string().nullable(),
    kind: z.string().nullable(),
    id: z.string().nullable(),
    version: z.int().nullable(),
    summary: z.string(),
  }),
)

export const SlotHealthSchema = z.object({
  slots: z.array(
    z.object({
      slot: z.string(),
      pages: Count,
      missing: Count,
      repeated: Count,
      lastFoundAt: z.number(),
      framework: z.string(),
    }),
  ),
})

export const CapsSchema = z.object({
  caps: z.array(
    z.object({
      kind: z.enum(['group', 'stock']),
      id: z.string(),
      name: z.string(),
      quota: z.string(),
      most: Count,
      taken: Count,
      leased: Count,
      lost: Count,
      free: Count,
      perPerson: z.object({ times: z.int(), hours: z.number() }).optional(),
    }),
  ),
})

export const SuppressionsSchema = z.object({
  suppressions: z.array(
    z.object({
      day: z.iso.date(),
      policy: z.string(),
      version: z.string(),
      reason: z.string(),
      count: Count,
    }),
  ),
})

export const DecisionsSchema = z.object({
  pages: z.array(z.looseObject({ seq: z.int(), at: z.int(), bundle: Hash })),
  before: z.int().nullable(),
})

export const FiguresSchema = z.object({
  generatedAt: z.int(),
  experiences: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      slot: z.string(),
      allocation: z.enum(['split', 'bandit', 'ranked']),
      goal: z.string().nullable(),
      rung: z.enum(['delivered', 'survived', 'seen']),
      version: z.int(),
      arms: z.array(
        z.object({
          arm: z.string(),
          name: z.string(),
          share: z.number(),
          counts: CountsSchema,
          best: z.number().min(0).max(1).nullable(),
          interval: z.tuple([z.number(), z.number()]).nullable(),
        }),
      ),
      audit: z.looseObject({ at: z.int() }).optional(),
      history: z.array(
        z.object({
          version: z.int(),
          at: z.int(),
          shares: z.record(z.string(), z.number()),
        }),
      ),
    }),
  ),
})

export const EventCountsSchema = z.object({
  hours: z.array(z.object({ hour: z.int(), counts: z.record(z.string(), Count) })),
})

export const TailSchema = z.object({
  visitor: z.string(),
  deliveries: z.array(z.looseObject({})),
})

const WriteKeySchema = z.object({ id: z.string(), createdAt: z.int(), createdBy: z.string() })

export const WriteKeysSchema = z.object({ keys: z.array(WriteKeySchema) })

/** The key is in this answer and nowhere else. */
export const NewWriteKeySchema = WriteKeySchema.extend({ key: z.string() })

export const VersionAnswerSchema = z.object({ version: z.int().optional() })

export const WholePersonSchema = z.looseObject({
  people: z.array(z.looseObject({})),
  browsers: z.array(z.looseObject({ visitor: z.string() })),
  places: z.array(z.string()),
})

export const ReceiptSchema = z.object({
  id: z.string(),
  at: z.int(),
  by: z.string(),
  fingerprint: z.string(),
  erased: z.record(z.string(), Count),
  left: z.literal(0),
})

export const ReceiptsSchema = z.object({ erasures: z.array(ReceiptSchema) })

export const ConsentAnswerSchema = z.object({ tier: z.int(), browsers: z.int() })

export const ImportsSchema = z.object({
  imports: z.array(
    z.object({
      site: z.string(),
      id: z.string(),
      source: z.string(),
      kind: z.string(),
      at: z.int(),
      by: z.string(),
      rows: z.int(),
      bad: z.int(),
      finished: z.int().nullable(),
    }),
  ),
})

/** An error (RFC 9457); `code` is stable, and each of `errors` points to a field (RFC 6901). */
export const ProblemSchema = z.object({
  type: z.string(),
  code: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  errors: z.array(z.looseObject({ code: z.string(), pointer: z.string() })).optional(),
  current: z.looseObject({}).optional(),
})

export const DeliveredSchema = z.object({
  ok: z.boolean(),
  /** A sentence. */
  detail: z.string(),
})

export const NotificationsSchema = z.object({
  /** `whsec_…` */
  secret: z.string(),
  /** Messages that were not taken yet. */
  waiting: z.int(),
  /** The newest try. */
  last: DeliveredSchema.extend({ at: z.int() }).nullable(),
})

/** Who else is editing the same. */
export const OthersSchema = z.object({ others: z.array(z.string()) })
