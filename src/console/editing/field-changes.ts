/** One field that differs between two documents. */
export interface FieldChange {
  /** JSON pointer of the field. */
  readonly pointer: string
  readonly theirs: unknown
  readonly mine: unknown
}

/**
 * The fields in which two documents differ, at the depth at which somebody can choose between them.
 * Lists are compared place by place only while they are equally long; else they differ as a whole.
 */
export function toFieldChanges(theirs: unknown, mine: unknown, pointer = ''): FieldChange[] {
  if (isSame(theirs, mine)) return []
  const names = commonNames(theirs, mine)
  if (names === null) return [{ pointer, theirs, mine }]
  return names.flatMap((name) =>
    toFieldChanges(member(theirs, name), member(mine, name), `${pointer}/${escapePointer(name)}`),
  )
}

/** Whether two documents say the same; a field that is undefined is not there. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

function commonNames(one: unknown, other: unknown): readonly string[] | null {
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return null
    return one.map((_, place) => String(place))
  }
  if (!isObject(one) || !isObject(other)) return null
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  )
}

function member(value: unknown, name: string): unknown {
  return isObject(value) || Array.isArray(value) ? Reflect.get(value, name) : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON pointer escaping (RFC 6901 §3). */
function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
