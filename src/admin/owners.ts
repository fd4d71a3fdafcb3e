import type { Problem } from '../model/problem.ts'
import type { Site } from '../model/site.ts'
import type { Role } from '../staff/token.ts'

/** What of a site decides whom it serves, whom it believes and whom it measures: owners change that. */
const OWNERS_FIELDS = [
  'id',
  'hosts',
  'origin',
  'jwt',
  'consent',
  'identify',
  'eventOrigins',
  'holdout',
  'approval',
  'notify',
] as const satisfies readonly (keyof Site)[]

/** What somebody of this role must not change about a site, or that they must not make one. */
export function forbiddenTo(role: Role, before: Site | undefined, after: Site): Problem[] {
  if (role === 'owner') return []
  return OWNERS_FIELDS.filter(
    (field) => JSON.stringify(before?.[field]) !== JSON.stringify(after[field]),
  ).map((field) => ({
    ...{ code: 'invalid' as const, pointer: `/${field}` },
    detail: 'Only an owner may change this.',
  }))
}
