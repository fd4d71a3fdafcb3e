import { err, ok, type Result } from '../../model/result.ts'
import type { BadRow } from './bad-row.ts'
import type { RawRecord } from './records.ts'
import { isUserId } from './user-id.ts'

export const LINK_COLUMNS = ['userId', 'linkedTo', 'kind']

/** `account`: the same person's other account. `household`: another person under the same roof. */
export type LinkKind = 'account' | 'household'

/** What a row says of two customers. */
export interface LinkRow {
  readonly line: number
  readonly userId: string
  readonly linkedTo: string
  readonly kind: LinkKind
}

/** Checks a row that links two customers. */
export function toLinkRow({ line, fields }: RawRecord): Result<LinkRow, BadRow> {
  if (!fields) return err({ line, code: 'unreadable_row' })
  const { userId, linkedTo, kind, ...rest } = fields
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) {
    return err({ line, code: 'unknown_column', column: unknown.slice(0, 64) })
  }
  if (!isUserId(userId)) return err({ line, code: 'bad_user_id', column: 'userId' })
  if (!isUserId(linkedTo)) return err({ line, code: 'bad_user_id', column: 'linkedTo' })
  if (!isLinkKind(kind)) return err({ line, code: 'bad_kind', column: 'kind' })
  if (userId === linkedTo) return err({ line, code: 'self_link', column: 'linkedTo' })
  return ok({ line, userId, linkedTo, kind })
}

function isLinkKind(given: unknown): given is LinkKind {
  return given === 'account' || given === 'household'
}
