import type { Condition } from '../model/audience.ts'
import { sentenceOf } from '../model/condition-sentence.ts'
import { type Subject, valueAt } from '../model/subject.ts'
import { matches, pathsOf } from './condition.ts'

/** One part of a condition, all of which have to hold. */
export interface Clause {
  readonly sentence: string
  readonly matches: boolean
  /** What the visitor has there: of several paths, by path; nothing where that is not known. */
  readonly actual: unknown
}

export interface Explanation {
  readonly matches: boolean
  readonly sentence: string
  readonly clauses: readonly Clause[]
}

/** Whether a checked condition holds for a visitor, part by part. */
export function explain(condition: Condition, subject: Subject): Explanation {
  return {
    matches: matches(condition, subject),
    sentence: sentenceOf(condition),
    clauses: partsOf(condition).map((part) => ({
      sentence: sentenceOf(part),
      matches: matches(part, subject),
      actual: actualOf(pathsOf(part), subject),
    })),
  }
}

/** What has to hold all at once: `$and` within `$and` is one list. */
function partsOf(condition: Condition): Condition[] {
  return Object.entries(condition).flatMap(([key, inner]) =>
    key === '$and' && Array.isArray(inner)
      ? inner.filter(isCondition).flatMap(partsOf)
      : [{ [key]: inner }],
  )
}

function isCondition(value: unknown): value is Condition {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function actualOf(paths: readonly string[], subject: Subject): unknown {
  const [only, ...others] = new Set(paths)
  if (only === undefined) return null
  const values = [only, ...others].map((path) => [path, valueAt(subject, path) ?? null] as const)
  return others.length === 0 ? values[0]?.[1] : Object.fromEntries(values)
}
