import type { Attribute, AttributeValue } from '../../model/attribute.ts'
import { err, ok, type Result } from '../../model/result.ts'
import type { RawRecord } from './records.ts'
import { toValue } from './value.ts'

/** Longest user id, as of events. */
const LONGEST_USER_ID = 256

export interface BadRow {
  readonly line: number
  readonly code: 'unreadable_row' | 'bad_user_id' | 'bad_time' | 'bad_value' | 'unknown_column'
  /** Where the row is not as wrong as a whole. */
  readonly column?: string
}

/** What a row says of one customer. */
export interface CustomerRow {
  readonly userId: string
  readonly at: number
  readonly values: readonly (readonly [attribute: string, value: AttributeValue | null])[]
}

/** Checks a row by the attributes that the site declares. */
export function toCustomerRow(
  { line, fields }: RawRecord,
  attributes: ReadonlyMap<string, Attribute>,
  now: number,
): Result<CustomerRow, BadRow> {
  if (!fields) return err({ line, code: 'unreadable_row' })
  const { userId, asOf, ...rest } = fields
  if (typeof userId !== 'string' || !isUserId(userId)) {
    return err({ line, code: 'bad_user_id', column: 'userId' })
  }
  const at = toTime(asOf, now)
  if (at === undefined) return err({ line, code: 'bad_time', column: 'asOf' })
  const values: [string, AttributeValue | null][] = []
  for (const [name, given] of Object.entries(rest)) {
    const attribute = attributes.get(name)
    if (!attribute) return err({ line, code: 'unknown_column', column: name.slice(0, 64) })
    const value = toValue(attribute.type, given)
    if (value === undefined) return err({ line, code: 'bad_value', column: name })
    values.push([name, value])
  }
  return ok({ userId, at, values })
}

function isUserId(text: string): boolean {
  return text.trim() !== '' && text.length <= LONGEST_USER_ID && !/\p{Cc}/u.test(text)
}

/** ISO 8601 with a time zone, or a day; now where nothing is said. What is yet to come is no news. */
function toTime(given: unknown, now: number): number | undefined {
  if (given === undefined || given === null || given === '') return now
  if (typeof given !== 'string') return undefined
  if (!/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(given)) return undefined
  const at = Date.parse(given)
  return at >= 0 && at <= now ? at : undefined
}
