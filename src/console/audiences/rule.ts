import type { Condition } from '../../model/audience.ts'

/** A condition as the builder shows it: groups of tests, and groups in groups. */
export type Rule = Group | Test

export interface Group {
  readonly kind: 'group'
  readonly mode: Mode
  readonly rules: readonly Rule[]
}

export interface Test {
  readonly kind: 'test'
  /** `''` as long as nothing is chosen, `~` and its beginning as long as it lacks a name. */
  readonly path: string
  readonly operator: Operator
  readonly value: Value
}

type Json = Condition[string]

/** What tests of the builder compare with. */
export type Value = string | number | boolean | readonly string[]

export const MODES = ['all', 'any', 'none'] as const
export type Mode = (typeof MODES)[number]

/** The operators that the builder knows. */
export const OPERATORS = [
  '$eq',
  '$ne',
  '$in',
  '$nin',
  '$gte',
  '$gt',
  '$lte',
  '$lt',
  '$exists',
  '$all',
] as const

export type Operator = (typeof OPERATORS)[number]

const GROUP_KEYS: Readonly<Record<string, Mode>> = { $and: 'all', $or: 'any', $nor: 'none' }
const KEY_OF: Readonly<Record<Mode, string>> = { all: '$and', any: '$or', none: '$nor' }

/** A condition as groups and tests; null where it says more than the builder can show. */
export function toRule(condition: Condition): Group | null {
  const rules = toRules(condition)
  if (rules === null) return null
  const [only] = rules
  return rules.length === 1 && only?.kind === 'group' ? only : { kind: 'group', mode: 'all', rules }
}

/** The condition that groups and tests say; tests that are not finished say nothing. */
export function toCondition(group: Group): Condition {
  const parts = group.rules.flatMap((rule): Condition[] => {
    if (rule.kind === 'test') return isFinished(rule) ? [testCondition(rule)] : []
    const inner = toCondition(rule)
    return Object.keys(inner).length === 0 ? [] : [inner]
  })
  if (parts.length === 0) return {}
  if (group.mode !== 'all') return { [KEY_OF[group.mode]]: parts }
  const keys = parts.flatMap(Object.keys)
  return new Set(keys).size === keys.length ? Object.assign({}, ...parts) : { $and: parts }
}

/** Whether a test says something yet. */
export function isFinished({ path, value }: Test): boolean {
  return (
    path !== '' &&
    !path.startsWith('~') &&
    value !== '' &&
    !(Array.isArray(value) && value.length === 0)
  )
}

function testCondition({ path, operator, value }: Test): Condition {
  const plain: Json = isTexts(value) ? [...value] : value
  return { [path]: operator === '$eq' ? plain : { [operator]: plain } }
}

function toRules(condition: Condition): Rule[] | null {
  const rules = Object.entries(condition).map(([key, inner]) => toPart(key, inner))
  return allOf(rules)?.flat() ?? null
}

function toPart(key: string, inner: unknown): Rule[] | null {
  const mode = Object.hasOwn(GROUP_KEYS, key) ? GROUP_KEYS[key] : undefined
  if (mode && Array.isArray(inner)) return toGroup(mode, inner)
  if (key.startsWith('$')) return null
  if (!isObject(inner)) return isPlain(inner) ? [test(key, '$eq', inner)] : null
  const tests = Object.entries(inner).map(([name, value]) => {
    const operator = OPERATORS.find((known) => known === name)
    return operator && fits(operator, value) ? test(key, operator, value) : null
  })
  return tests.length === 0 ? null : allOf(tests)
}

function toGroup(mode: Mode, list: readonly unknown[]): Rule[] | null {
  // An empty list is not what it looks like to the evaluator: shown as it stands.
  if (list.length === 0) return null
  const rules = list.map((item): Rule | null => {
    if (!isObject(item)) return null
    const parts = toRules(item as Condition)
    if (parts === null || parts.length === 0) return null
    const [only] = parts
    return parts.length === 1 && only ? only : { kind: 'group', mode: 'all', rules: parts }
  })
  const all = allOf(rules)
  return all && [{ kind: 'group', mode, rules: all }]
}

function test(path: string, operator: Operator, value: Value): Test {
  return { kind: 'test', path, operator, value }
}

function fits(operator: string, value: unknown): value is Value {
  if (operator === '$in' || operator === '$nin' || operator === '$all') return isTexts(value)
  if (operator === '$exists') return typeof value === 'boolean'
  return isPlain(value)
}

/** An empty text is a value of its own, which the builder would take for one not given yet. */
function isPlain(value: unknown): value is string | number | boolean {
  return (typeof value === 'string' && value !== '') || ['number', 'boolean'].includes(typeof value)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function allOf<T>(list: readonly (T | null)[]): T[] | null {
  const present = list.filter((item) => item !== null)
  return present.length === list.length ? present : null
}
