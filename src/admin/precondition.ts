import type { Context } from 'hono'

/** What must be so for a change to be made (RFC 9110 §13): nothing there, anything, or one of these versions. */
export type Precondition = 'absent' | 'present' | readonly number[]

/** The condition that a request names; what is no version of ours matches none. */
export function preconditionOf(c: Context): Precondition | undefined {
  if (c.req.header('if-none-match')?.trim() === '*') return 'absent'
  const match = c.req.header('if-match')?.trim()
  if (match === undefined || match === '*') return match && 'present'
  return match.split(',').flatMap((tag) => {
    const version = /^\s*"(\d{1,15})"\s*$/.exec(tag)?.[1]
    return version === undefined ? [] : [Number(version)]
  })
}

/** Whether a thing of this version, or none, is what was asked for. */
export function holds(expected: Precondition, version: number | undefined): boolean {
  if (expected === 'absent') return version === undefined
  return version !== undefined && (expected === 'present' || expected.includes(version))
}

/** The entity tag of a version: strong, as a version is of exactly one text. */
export function etagOf(version: number): string {
  return `"${version}"`
}
