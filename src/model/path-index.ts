import { remember } from './remember.ts'

/**
 * Finds what belongs to a path among very many pathname patterns, without trying them all: a pattern is
 * filed under the rarest of the segments that every path of it has, and looked at only for paths that
 * have this segment.
 */
export interface PathIndex<T> {
  /** Every value with a pattern that matches the pathname, each once, in the order they were added. */
  match(pathname: string): readonly T[]
}

interface Entry<T> {
  readonly order: number
  readonly value: T
  readonly shape: Shape
  /** Absent for a pattern without wildcards. */
  readonly pattern?: URLPattern
}

/** Entries by the segment that they are filed under; those of `undefined` have none of their own. */
type Files<T> = ReadonlyMap<string | undefined, readonly Entry<T>[]>

/** Throws a TypeError for a pattern that URLPattern does not understand. */
export function createPathIndex<T>(
  values: readonly { value: T; patterns: readonly string[] }[],
): PathIndex<T> {
  const entries = values.flatMap(({ value, patterns }, order) =>
    patterns.map((pattern) => toEntry(pattern, order, value)),
  )
  const counts = new Map<string, number>()
  for (const segment of entries.flatMap(({ shape }) => shape.segments)) {
    counts.set(segment, (counts.get(segment) ?? 0) + 1)
  }
  const files = Map.groupBy(entries, ({ shape }) => rarest(shape.segments, counts))
  return { match: remember((pathname) => collect(files, pathname)) }
}

function toEntry<T>(pathname: string, order: number, value: T): Entry<T> {
  const shape = shapeOf(pathname)
  return { order, value, shape, ...(!shape.whole && { pattern: new URLPattern({ pathname }) }) }
}

function rarest(
  segments: readonly string[],
  counts: ReadonlyMap<string, number>,
): string | undefined {
  return segments.toSorted((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0))[0]
}

function collect<T>(files: Files<T>, pathname: string): T[] {
  const found = new Map<number, T>()
  for (const segment of new Set([...pathname.split('/').slice(1), undefined])) {
    for (const { order, value, shape, pattern } of files.get(segment) ?? []) {
      const { start } = shape
      // A comparison of text is some hundred times cheaper than a pattern's test.
      const matches = pattern
        ? pathname.startsWith(start) && pattern.test({ pathname })
        : pathname === start
      if (matches) found.set(order, value)
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([, value]) => value)
}

/** What can be said of all paths of a pattern by looking at it. */
interface Shape {
  /** They begin so; there is no more to them where the pattern has no wildcard (`whole`). */
  readonly start: string
  readonly whole: boolean
  /** They have these segments, somewhere. */
  readonly segments: readonly string[]
}

/** Characters that make a segment more than a literal in URLPattern's pathname syntax. */
const SYNTAX = /[:*?+(){}\\]/

/** URLPattern takes these away, and what stands before them. */
const DOTS = /^(\.|%2e){1,2}$/i

function shapeOf(pattern: string): Shape {
  const all = pattern.split('/').slice(1)
  if (all.some((segment) => DOTS.test(segment))) return { start: '', whole: false, segments: [] }
  const wild = all.findIndex((segment) => SYNTAX.test(segment))
  const leading = wild < 0 ? all : all.slice(0, wild)
  return {
    start: leading.map((segment) => `/${canonical(segment)}`).join(''),
    whole: wild < 0,
    // An escaped bracket opens or closes nothing: then only what stands before all syntax is sure.
    segments: literals(pattern.includes('\\') ? leading : all).map(canonical),
  }
}

/** Segments without syntax that are in no group: what is in one may be optional. */
function literals(segments: readonly string[]): string[] {
  let depth = 0
  return segments.filter((segment) => {
    for (const character of segment) {
      if ('({'.includes(character)) depth++
      if (')}'.includes(character)) depth--
    }
    return depth === 0 && !SYNTAX.test(segment)
  })
}

/** Percent-encoded as the platform gives a request's path. */
function canonical(segment: string): string {
  const url = new URL('http://host')
  url.pathname = `/${segment}`
  return url.pathname.slice(1)
}
