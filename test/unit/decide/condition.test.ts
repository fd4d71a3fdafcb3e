import { evalCondition } from '@growthbook/growthbook'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkCondition, matches, pathsOf } from '../../../src/decide/condition.ts'
import type { Condition } from '../../../src/model/audience.ts'

const found = (condition: Condition) =>
  checkCondition(condition).map(({ code, pointer }) => `${code} ${pointer}`)

/** `$not` around `{}` so many times. */
function nested(depth: number): Condition {
  let condition: Condition = {}
  for (let level = 0; level < depth; level++) condition = { $not: condition }
  return condition
}

/** An `$or` of so many tests. */
const wide = (count: number): Condition => ({
  $or: Array.from({ length: count }, (_, n) => ({ 'profile.pages': n })),
})

describe('a condition is good', () => {
  test.each<[string, Condition]>([
    ['empty', {}],
    ['a value', { 'signals.country': 'SE' }],
    ['null', { 'visitor.user.plan': null }],
    ['operators', { 'profile.pages': { $gte: 2, $lt: 10 } }],
    ['a list', { 'signals.country': { $in: ['SE', 'NO'] } }],
    ['logic', { $and: [{ $or: [{ 'visitor.returning': true }] }, { $nor: [] }] }],
    ['a negation', { $not: { 'signals.device': 'phone' } }],
    ['a negated test', { 'signals.hour': { $not: { $gt: 5 } } }],
    ['versions', { 'visitor.user.version': { $vgte: '1.2.3' } }],
    ['a list of the visitor', { 'visitor.user.roles': { $elemMatch: { $eq: 'admin' } } }],
    ['a list’s length', { 'visitor.user.roles': { $size: { $gt: 1 } } }],
    ['whether it exists', { 'profile.traits.plan': { $exists: false } }],
    ['an object to be equal to', { 'visitor.user.plan': { name: 'gold' } }],
    ['nested twenty deep', nested(20)],
    ['of nearly five hundred parts', wide(499)],
  ])('%s', (_, condition) => expect(found(condition)).toEqual([]))
})

describe('a condition is refused', () => {
  test.each<[string, Condition, string]>([
    ['an unknown path', { 'signals.ip': 'x' }, 'unknown_path /signals.ip'],
    [
      'a path into a prototype',
      { 'profile.traits.__proto__': 1 },
      'unknown_path /profile.traits.__proto__',
    ],
    [
      'the constructor',
      { 'visitor.user.constructor': 1 },
      'unknown_path /visitor.user.constructor',
    ],
    ['an open path left open', { 'profile.events.order': 1 }, 'unknown_path /profile.events.order'],
    ['a path with a slash and a tilde', { 'a/b~c': 1 }, 'unknown_path /a~1b~0c'],
    [
      'an unknown operator',
      { 'signals.hour': { $near: 3 } },
      'unknown_operator /signals.hour/$near',
    ],
    [
      'a pattern',
      { 'signals.city': { $regex: '^(a+)+$' } },
      'unknown_operator /signals.city/$regex',
    ],
    [
      'a pattern in any case',
      { 'signals.city': { $regexi: 'a' } },
      'unknown_operator /signals.city/$regexi',
    ],
    ['a saved group', { $savedGroup: { id: 'x' } }, 'unknown_operator /$savedGroup'],
    [
      'a group of a value',
      { 'signals.city': { $inGroup: 'x' } },
      'unknown_operator /signals.city/$inGroup',
    ],
    [
      'a name among operators',
      { 'signals.hour': { $gt: 1, less: 5 } },
      'unknown_operator /signals.hour/less',
    ],
    [
      'a pattern under $not',
      { 'signals.city': { $not: { $regex: 'a' } } },
      'unknown_operator /signals.city/$not/$regex',
    ],
    [
      'a pattern under $and',
      { $and: [{}, { 'signals.city': { $regex: 'a' } }] },
      'unknown_operator /$and/1/signals.city/$regex',
    ],
    [
      'a pattern for items',
      { 'visitor.user.roles': { $elemMatch: { $regex: 'a' } } },
      'unknown_operator /visitor.user.roles/$elemMatch/$regex',
    ],
    [
      'a pattern for what is in items',
      { 'visitor.user.roles': { $elemMatch: { name: { $regex: 'a' } } } },
      'invalid /visitor.user.roles/$elemMatch',
    ],
    [
      'a pattern for an item of a list',
      { 'visitor.user.roles': { $all: [{ $regex: 'a' }] } },
      'invalid /visitor.user.roles/$all',
    ],
    [
      'a pattern for a length',
      { 'visitor.user.roles': { $size: { $regex: '1' } } },
      'unknown_operator /visitor.user.roles/$size/$regex',
    ],
    [
      'an order of objects',
      { 'signals.hour': { $lt: { toString: 1 } } },
      'invalid /signals.hour/$lt',
    ],
    [
      'items that equal a word',
      { 'visitor.user.roles': { $elemMatch: 'a' } },
      'invalid /visitor.user.roles/$elemMatch',
    ],
    ['$and without a list', { $and: { 'signals.hour': 1 } }, 'invalid /$and'],
    ['$or with a word', { $or: ['x'] }, 'invalid /$or/0'],
    ['$not without a condition', { $not: true }, 'invalid /$not'],
    ['$in without a list', { 'signals.city': { $in: 'SE' } }, 'invalid /signals.city/$in'],
    [
      '$all without a list',
      { 'visitor.user.roles': { $all: 'a' } },
      'invalid /visitor.user.roles/$all',
    ],
  ])('%s', (_, condition, problem) => expect(found(condition)).toEqual([problem]))

  test('that is nested too deep or has too many parts', () => {
    expect(found(nested(22))[0]).toMatch(/^condition_too_large (\/\$not){22}$/)
    expect(found(wide(600))).toContain('condition_too_large /$or/499/profile.pages')
    // Deep enough to exhaust the stack, had it been walked to its end.
    expect(found(nested(100_000))).toHaveLength(1)
  })

  test('with all its mistakes at once', () => {
    expect(found({ nowhere: 1, $xor: [], 'signals.hour': { $about: 9 } })).toHaveLength(3)
  })
})

const SUBJECT = {
  signals: { country: 'SE', hour: 9, device: 'phone', city: '' },
  visitor: {
    returning: true,
    visits: 3,
    user: { roles: ['a', 'b'], version: '1.10.0', points: 7 },
  },
  profile: { pages: 0, traits: { plan: 'gold' } },
}

describe('a condition holds', () => {
  test.each<[Condition, boolean]>([
    [{}, true],
    [{ 'signals.country': 'SE' }, true],
    [{ 'signals.country': 'se' }, false],
    [{ 'signals.country': 'SE', 'signals.hour': 8 }, false],
    [{ 'signals.hour': { $gte: 9, $lt: 10 } }, true],
    [{ 'signals.country': { $in: ['NO', 'SE'] } }, true],
    [{ 'signals.country': { $nin: ['NO', 'SE'] } }, false],
    [{ 'profile.traits.plan': { $exists: true } }, true],
    [{ 'profile.traits.other': { $exists: false } }, true],
    [{ 'profile.traits.other': { $ne: 'x' } }, true],
    [{ 'profile.pages': 0 }, true],
    [{ $not: { 'visitor.returning': true } }, false],
    [{ $or: [{ 'signals.hour': 1 }, { 'visitor.visits': 3 }] }, true],
    [{ $nor: [{ 'signals.hour': 1 }, { 'visitor.visits': 3 }] }, false],
    [{ $and: [{ 'signals.hour': 9 }, { 'visitor.visits': 3 }] }, true],
    [{ 'visitor.user.roles': { $all: ['a', 'b'] } }, true],
    [{ 'visitor.user.roles': { $elemMatch: { $eq: 'b' } } }, true],
    [{ 'visitor.user.roles': { $size: 2 } }, true],
    [{ 'visitor.user.version': { $vgt: '1.9.0' } }, true],
    [{ 'visitor.user.points': { $not: { $gt: 7 } } }, true],
  ])('%j: %s', (condition, expected) => expect(matches(condition, SUBJECT)).toBe(expected))
})

const PATHS = [
  ...['signals.country', 'signals.hour', 'visitor.returning', 'visitor.user.roles'],
  ...['visitor.user.version', 'profile.pages', 'profile.traits.plan', 'profile.events.x.count'],
]
const OPERATORS = [
  ...['$eq', '$ne', '$lt', '$lte', '$gt', '$gte', '$veq', '$vne', '$vlt', '$vgte', '$in', '$nin'],
  ...['$ini', '$nini', '$all', '$alli', '$exists', '$type', '$size', '$elemMatch', '$not'],
]
const value = fc.constantFrom<Json>(
  ...['SE', 'a', 'gold', '1.9.0', '', 9, 0, 3, true, false, null],
  ...[['a'], ['SE', 'NO'], [1, null], []],
)
const anything: fc.Arbitrary<Json> = fc.json({ maxDepth: 2 }).map((text) => JSON.parse(text))
const json = fc.oneof({ weight: 4, arbitrary: value }, anything)

type Json = Condition[string]

const conditions = fc.letrec<{ condition: Condition; test: Json }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    fc.dictionary(fc.constantFrom(...PATHS), tie('test'), { maxKeys: 2, noNullPrototype: true }),
    fc
      .tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(tie('condition'), { maxLength: 3 }))
      .map(([operator, list]) => ({ [operator]: list })),
    tie('condition').map((inner) => ({ $not: inner })),
  ),
  test: fc.oneof(
    { maxDepth: 3 },
    json,
    fc.dictionary(fc.constantFrom(...OPERATORS), fc.oneof(json, tie('test')), {
      noNullPrototype: true,
      minKeys: 1,
      maxKeys: 2,
    }),
  ),
}))

describe('a condition that was checked', () => {
  test('is evaluated as GrowthBook does, and never throws', () => {
    let good = 0
    const property = fc.property(conditions.condition, (condition) => {
      if (checkCondition(condition).length > 0) return
      good++
      const subject = structuredClone(SUBJECT)
      const answer = matches(condition, subject)
      expect(typeof answer).toBe('boolean')
      expect(answer).toBe(evalCondition(subject, condition))
      expect(subject).toEqual(SUBJECT)
      expect(matches({ $not: condition }, subject)).toBe(!answer)
    })
    fc.assert(property, { seed: 13, numRuns: 3000 })
    expect(good).toBeGreaterThan(1000)
  })

  test('says which paths it reads', () => {
    const condition = {
      'profile.pages': { $gt: 1 },
      $or: [{ 'profile.traits.plan': 'gold' }, { $not: { 'signals.hour': { $not: { $lt: 5 } } } }],
    }
    expect(pathsOf(condition)).toEqual(['profile.pages', 'profile.traits.plan', 'signals.hour'])
    const property = fc.property(conditions.condition, (one) => {
      const named = JSON.stringify(one).match(/"(signals|visitor|profile)\.[^"]+":/g) ?? []
      expect(pathsOf(one).filter((path) => PATHS.includes(path)).length).toBe(named.length)
    })
    fc.assert(property, { seed: 14, numRuns: 500 })
  })
})
