import { WINDOWS } from './profile.ts'

const windows = Object.keys(WINDOWS).join('|')
const NAME = '[A-Za-z][A-Za-z0-9_]{0,63}'

interface PathForm {
  readonly form: RegExp
  /** The base paths that a snapshot must hold for it; the path itself unless given. */
  readonly bases?: (path: string) => readonly string[]
}

const sibling = (path: string, name: string) => path.replace(/[^.]+$/, name)

/**
 * What rules and templates may read of a profile, and what a snapshot holds for it. Days since
 * something change by the hour, so they are worked out anew on each page from when it was.
 */
const FORMS: readonly PathForm[] = [
  { form: /^profile\.(pages|topInterest|topTag|habit|lastDevice|deviceKinds|household)$/ },
  {
    form: new RegExp(
      `^profile\\.events\\.[a-z0-9_]{1,64}\\.(count|firstAt|lastAt|in(${windows}))$`,
    ),
  },
  {
    form: new RegExp(
      `^profile\\.counters\\.[a-z0-9-]{1,64}\\.(count|sum|firstAt|lastAt|(in|sum)(${windows}))$`,
    ),
  },
  {
    form: /^profile\.(events\.[a-z0-9_]{1,64}|counters\.[a-z0-9-]{1,64})\.(hours|days)Since$/,
    bases: (path) => [sibling(path, 'lastAt')],
  },
  { form: /^profile\.activeDays\.in(7d|30d|90d)$/ },
  { form: /^profile\.(interests|tags)\.[a-z0-9_]{1,64}$/ },
  /** Of the visit that goes on: whether it still does is seen from when its newest deed was. */
  {
    form: /^profile\.session\.(pages|seconds|landing)$/,
    bases: (path) => [path, 'profile.session.lastAt'],
  },
  /** `none`, `open` or `abandoned`: left for half an hour. */
  {
    form: /^profile\.session\.(basket|form)$/,
    bases: (path) => [`${path}BeganAt`, `${path}EndedAt`],
  },
  { form: new RegExp(`^profile\\.traits\\.${NAME}$`) },
  {
    form: new RegExp(`^profile\\.attributes\\.${NAME}$`),
    bases: (path) => [path, path.replace('.attributes.', '.ages.')],
  },
  /** Days since a source last confirmed an attribute; the snapshot holds when that was. */
  { form: new RegExp(`^profile\\.ages\\.${NAME}$`) },
  /** Of an attribute that is a date: calendar days since, full years since, days to its next anniversary. */
  {
    form: new RegExp(`^profile\\.dates\\.${NAME}\\.(days|years|daysToNext)$`),
    bases: (path) => {
      const name = path.split('.')[2] ?? ''
      return [`profile.attributes.${name}`, `profile.ages.${name}`]
    },
  },
]

/** The base paths that a profile's path is worked out from; nothing for a path that there is not. */
export function basesOf(path: string): readonly string[] | undefined {
  const known = FORMS.find(({ form }) => form.test(path))
  return known && (known.bases?.(path) ?? [path])
}
