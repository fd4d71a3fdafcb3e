import { evalCondition } from '@growthbook/growthbook'
import type { Condition } from '../model/audience.ts'
import { isSubjectPath } from '../model/subject.ts'

/** One mistake in a condition; `pointer` is relative to the condition. */
export interface ConditionProblem {
  readonly code: 'unknown_operator' | 'unknown_path' | 'condition_too_large' | 'invalid'
  readonly pointer: string
  readonly detail: string
}

/**
 * GrowthBook's dialect without `$regex` (one hostile pattern holds a request for seconds) and without
 * saved groups. An operator that the evaluator does not know is false to it, and true under `$not`:
 * hence this list is checked before anything is published.
 */
const LOGIC = new Set(['$and', '$or', '$nor'])
const OPERATORS = new Set([
  ...['$eq', '$ne', '$lt', '$lte', '$gt', '$gte'],
  ...['$veq', '$vne', '$vlt', '$vlte', '$vgt', '$vgte'],
  ...['$in', '$nin', '$ini', '$nini', '$all', '$alli'],
  ...['$exists', '$type', '$size', '$elemMatch', '$not'],
])
const LIST_OPERATORS = new Set(['$in', '$nin', '$ini', '$nini', '$all', '$alli'])
const ORDER_OPERATORS = new Set(['$lt', '$lte', '$gt', '$gte'])
/** What these are given may be a test of its own. */
const NESTING_OPERATORS = new Set(['$not', '$size', '$elemMatch'])

const MAX_DEPTH = 20
const MAX_NODES = 500

/** What a condition may read: a subject, or the flat properties of an event. */
export type PathRule = (path: string) => boolean

/** Every mistake of a condition; an empty list means that it can be evaluated. */
export function checkCondition(
  condition: Condition,
  isPath: PathRule = isSubjectPath,
): ConditionProblem[] {
  const problems: ConditionProblem[] = []
  let nodes = 0
  const report = (code: ConditionProblem['code'], pointer: string, detail: string) =>
    problems.push({ code, pointer, detail })

  const visitCondition = (value: unknown, pointer: string, depth: number): void => {
    if (!isObject(value)) return void report('invalid', pointer, 'A condition is an object.')
    for (const [key, inner] of Object.entries(value)) {
      const at = `${pointer}/${escapePointer(key)}`
      if (tooLarge(depth)) return void report('condition_too_large', at, TOO_LARGE)
      if (key === '$not') visitCondition(inner, at, depth + 1)
      else if (LOGIC.has(key)) visitList(inner, at, depth)
      else if (key.startsWith('$')) report('unknown_operator', at, unknownOperator(key))
      else if (!isPath(key))
        report('unknown_path', at, `“${key}” is not something a rule can read.`)
      else visitTest(inner, at, depth + 1)
    }
  }
  const visitList = (value: unknown, pointer: string, depth: number): void => {
    if (!Array.isArray(value)) return void report('invalid', pointer, 'Write a list of conditions.')
    for (const [place, inner] of value.entries()) {
      visitCondition(inner, `${pointer}/${place}`, depth + 1)
    }
  }
  const visitTest = (value: unknown, pointer: string, depth: number): void => {
    if (!isTest(value)) return
    for (const [key, inner] of Object.entries(value)) {
      const at = `${pointer}/${escapePointer(key)}`
      if (tooLarge(depth)) return void report('condition_too_large', at, TOO_LARGE)
      if (!OPERATORS.has(key)) report('unknown_operator', at, unknownOperator(key))
      const lack = lackOf(key, inner)
      if (lack) report('invalid', at, lack)
      else if (NESTING_OPERATORS.has(key)) visitTest(inner, at, depth + 1)
    }
  }
  const tooLarge = (depth: number) => depth > MAX_DEPTH || ++nodes > MAX_NODES
  visitCondition(condition, '', 0)
  return problems
}

/**
 * What is wrong with an operator's operand. Objects in lists and under `$elemMatch` would be evaluated
 * as conditions of their own, past this check; ordering by one can throw.
 */
function lackOf(operator: string, operand: unknown): string | undefined {
  if (LIST_OPERATORS.has(operator)) {
    const isPlain = Array.isArray(operand) && !operand.some(isObject)
    return isPlain ? undefined : `${operator} needs a list of plain values.`
  }
  if (ORDER_OPERATORS.has(operator)) {
    return typeof operand === 'object' ? `${operator} needs a number or a text.` : undefined
  }
  return operator === '$elemMatch' && !isTest(operand)
    ? '$elemMatch needs an operator for the items, such as {"$eq": "a"}.'
    : undefined
}

/** Whether a value is a test by operators rather than something to be equal to. */
function isTest(value: unknown): value is Record<string, unknown> {
  return isObject(value) && Object.keys(value).some((key) => key.startsWith('$'))
}

/** Whether a checked condition holds. */
export function matches(condition: Condition, subject: object): boolean {
  // The evaluator's types ask for its own condition type, whose shape `checkCondition` has proven.
  return evalCondition({ ...subject }, condition as Parameters<typeof evalCondition>[1])
}

/** The paths a condition names, for knowing which part of a profile must be at hand. */
export function pathsOf(condition: unknown): string[] {
  if (Array.isArray(condition)) return condition.flatMap(pathsOf)
  if (!isObject(condition)) return []
  return Object.entries(condition).flatMap(([key, inner]) =>
    key.startsWith('$') ? pathsOf(inner) : [key, ...pathsOf(inner)],
  )
}

const TOO_LARGE = `A condition has at most ${MAX_NODES} parts, ${MAX_DEPTH} deep.`

function unknownOperator(key: string): string {
  return `“${key}” is not an operator here; use one of ${[...LOGIC, ...OPERATORS].join(' ')}.`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON pointer escaping (RFC 6901 §3). */
function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
