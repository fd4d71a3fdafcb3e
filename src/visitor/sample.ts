import * as z from 'zod'
import type { Attribute } from '../model/attribute.ts'
import type { Snapshot } from '../model/profile.ts'
import { basesOf } from '../model/profile-path.ts'
import { NO_CAMPAIGN, type Signals } from '../model/signals.ts'
import type { Subject } from '../model/subject.ts'
import { ConsentTierSchema } from '../model/visitor.ts'
import { toSubject } from './consent.ts'
import { UNDERTAKINGS } from './session.ts'
import { localTime } from './signals.ts'
import { toView } from './view.ts'

const text = (max: number) => z.string().max(max).default('')
const Plain = z.union([z.string().max(500), z.number(), z.boolean()])

/** A visitor made up to look through; what is not said is as for somebody new who allows everything. */
export const SampleSchema = z.strictObject({
  tier: ConsentTierSchema.default(2),
  returning: z.boolean().default(false),
  visits: z.int().min(0).max(1e6).default(1),
  signedIn: z.boolean().default(false),
  user: z.record(z.string().max(64), Plain).default({}),
  country: text(2).transform((code) => code.toUpperCase()),
  region: text(8),
  city: text(80),
  device: z.enum(['phone', 'tablet', 'desktop']).default('desktop'),
  language: text(35).transform((tag) => tag.toLowerCase()),
  referrer: text(253),
  campaign: z
    .strictObject({ source: text(100), medium: text(100), name: text(100) })
    .default(NO_CAMPAIGN),
  path: z.string().startsWith('/').max(512).default('/'),
  /** When they look; now unless given. */
  at: z.iso.datetime({ offset: true }).optional(),
  /** Path → value, as rules name them: `profile.events.order_placed.count`. */
  profile: z
    .record(
      z.string().refine((path) => basesOf(path) !== undefined, 'this is no path of a profile'),
      Plain,
    )
    .default({}),
})

export type Sample = z.infer<typeof SampleSchema>

/** The sample as rules read it, through the same gates as a real visitor. `now` in epoch ms. */
export function subjectOf(
  sample: Sample,
  {
    timezone,
    attributes,
  }: { readonly timezone: string; readonly attributes: readonly Attribute[] },
  now: number,
): Subject {
  const at = sample.at === undefined ? now : Date.parse(sample.at)
  const signals = signalsOf(sample, timezone, at)
  const { tier, returning, visits, campaign, signedIn, user } = sample
  const visitor = { id: '', tier, returning, visits, campaign, signedIn, user }
  const values = { ...freshValues(sample.profile, at), ...sample.profile }
  // What a sample says of a visit is said outright, and not by when that began.
  const view = toView({ at, values }, { attributes, reads: [] }, { now: at, date: signals.date })
  return toSubject(signals, visitor, view)
}

function signalsOf(sample: Sample, timezone: string, at: number): Signals {
  const { country, region, city, device, language, referrer, campaign, path } = sample
  return {
    ...{ country, region, city, continent: '', device, language, referrer, campaign, path },
    ...localTime(timezone, at),
    ...{ bot: false, prefetch: false },
  }
}

/** Attributes were confirmed just now, and the visit goes on, unless the sample says something else. */
function freshValues(profile: Sample['profile'], at: number): Snapshot['values'] {
  const ages = Object.keys(profile)
    .filter((path) => path.startsWith('profile.attributes.'))
    .map((path) => [path.replace('.attributes.', '.ages.'), at])
  const undertakings = Object.keys(UNDERTAKINGS).map((what) => [`profile.session.${what}`, 'none'])
  return { 'profile.session.lastAt': at, ...Object.fromEntries([...ages, ...undertakings]) }
}
