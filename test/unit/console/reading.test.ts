import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toReading, toWords } from '../../../src/console/figures/reading.ts'
import { createFormat } from '../../../src/console/format.ts'
import { HOLDOUT_ARM } from '../../../src/model/exposure.ts'
import type { ExperienceFigures } from '../../../src/model/figures.ts'
import { type ArmRow, toArm, toExperience } from './experiences.ts'

const format = createFormat('en-GB', 'UTC')

function say(experience: ExperienceFigures): string {
  return toWords(toReading(experience), format)
}

const SUMMER: ArmRow = ['summer', 6100, 10_000, 410]
const WINTER: ArmRow = ['winter', 3900, 10_000, 290]

describe('a bandit', () => {
  test('says who leads in traffic, with both rates', () => {
    const experience = toExperience([WINTER, SUMMER])
    const apart = experience.arms.map((arm) => ({ ...arm, interval: null }))
    expect(
      say({
        ...experience,
        arms: experience.arms.map((arm) =>
          arm.arm === 'summer'
            ? { ...arm, interval: [0.037, 0.045] }
            : { ...arm, interval: [0.026, 0.032] },
        ),
      }),
    ).toBe('“SUMMER” leads with 61% of traffic; 4.1% vs 2.9% for “WINTER”.')
    expect(say({ ...experience, arms: apart })).toBe(
      '“SUMMER” leads with 61% of traffic; 4.1% vs 2.9% for “WINTER”, with overlapping intervals.',
    )
  })

  test('with nearly even traffic has no leader', () => {
    expect(
      say(
        toExperience([
          ['a', 5400, 9_000, 300],
          ['b', 4600, 9_000, 290],
        ]),
      ),
    ).toBe('Not enough to say yet: traffic is nearly even, rates are between 3.2% and 3.3%.')
  })

  test('measures a lead against an even split of its own arms', () => {
    const rows: ArmRow[] = ['a', 'b', 'c', 'd'].map((arm, i) => [arm, 2500, 1000, 30 + i])
    expect(toReading(toExperience(rows)).kind).toBe('even')
    const leading: ArmRow[] = [['a', 2800, 1000, 30], ...rows.slice(1)]
    expect(toReading(toExperience(leading)).kind).toBe('leads')
  })

  test.each<[string, ArmRow[], Partial<ExperienceFigures>]>([
    ['before anything was learned', [SUMMER, WINTER], { version: 0 }],
    ['with an arm of 99 trials', [SUMMER, ['winter', 3900, 99, 20]], {}],
    [
      'with 9 rewards',
      [
        ['a', 7000, 5000, 8],
        ['b', 3000, 5000, 1],
      ],
      {},
    ],
  ])('%s does not say who leads', (_, rows, more) => {
    expect(say(toExperience(rows, more))).toMatch(/^Not enough to say yet: [\d,]+ rewards from /)
  })

  test('with exactly 100 trials an arm and 10 rewards speaks', () => {
    const experience = toExperience([
      ['a', 7000, 100, 9],
      ['b', 3000, 100, 1],
    ])
    expect(toReading(experience).kind).toBe('leads')
  })

  test('counts what there is one of in the singular', () => {
    const says = (row: ArmRow) => say(toExperience([row, ['b', 5000, 0, 0]]))
    expect(says(['a', 5000, 41, 1])).toBe(
      'Not enough to say yet: 1 reward from 41 exposures so far.',
    )
    expect(says(['a', 5000, 1, 0])).toBe('Not enough to say yet: 0 rewards from 1 exposure so far.')
  })
})

test('a ranked list speaks of the list', () => {
  expect(say(toExperience([SUMMER, WINTER], { allocation: 'ranked' }))).toBe(
    '“SUMMER” leads the list with a share of 61%; 4.1% vs 2.9% for “WINTER”, with overlapping intervals.',
  )
})

describe('fixed shares', () => {
  const split = { allocation: 'split', rung: 'delivered', version: 0 } as const
  const even: ArmRow[] = [
    ['a', 5000, 10_000, 290],
    ['b', 5000, 10_000, 410],
  ]

  test('give rates, the higher one first, and no lead', () => {
    const arms = [
      toArm(['a', 5000, 10_000, 290], [0.02, 0.03]),
      toArm(['b', 5000, 10_000, 410], [0.04, 0.05]),
    ]
    expect(say(toExperience([], { ...split, arms }))).toBe('On fixed shares: “B” 4.1%, “A” 2.9%.')
  })

  test('with overlapping intervals are not enough', () => {
    expect(say(toExperience(even, split))).toBe(
      'Not enough to say yet: “B” 4.1%, “A” 2.9%, and their intervals overlap.',
    )
  })

  test('touching intervals overlap', () => {
    const arms = [
      toArm(['a', 5000, 10_000, 290], [0.02, 0.035]),
      toArm(['b', 5000, 10_000, 410], [0.035, 0.05]),
    ]
    expect(say(toExperience([], { ...split, arms }))).toMatch(/^Not enough to say yet/)
  })

  test('a lone variant is a rule', () => {
    expect(say(toExperience([['a', 10_000, 5000, 300]], split))).toBe(
      '“A” is the only variant; its rate is 6.0%.',
    )
    expect(say(toExperience([['a', 10_000, 50, 3]], split))).toBe(
      'Not enough to say yet: 3 rewards from 50 exposures so far.',
    )
  })
})

test('nothing delivered', () => {
  expect(
    say(
      toExperience([
        ['a', 5000, 0, 0],
        ['b', 5000, 0, 0],
      ]),
    ),
  ).toBe('Nobody has been shown this yet.')
})

test('no variant at all', () => {
  expect(say(toExperience([]))).toBe('Nobody has been shown this yet.')
})

test('no goal', () => {
  expect(say(toExperience([['a', 10_000, 2200, 0]], { goal: null }))).toBe(
    'No goal is set, so there is nothing to compare; exposures so far: 2,200.',
  )
})

test('the holdout never leads, counts or compares', () => {
  const alone: ArmRow = [HOLDOUT_ARM, 0, 1_000_000, 900_000]
  expect(say(toExperience([SUMMER, WINTER, alone]))).toBe(say(toExperience([SUMMER, WINTER])))
  expect(say(toExperience([alone]))).toBe('Nobody has been shown this yet.')
})

test('a variant without a name goes by its id', () => {
  const arms = [SUMMER, WINTER].map((row) => ({ ...toArm(row), name: '' }))
  expect(say(toExperience([], { arms }))).toContain('“summer” leads')
})

test('whatever the figures, the sentence is whole and declares nobody the winner', () => {
  const row = fc.tuple(fc.nat(10_000), fc.nat(5_000), fc.nat(5_000), fc.boolean())
  const figures = fc.record({
    rows: fc.array(row, { maxLength: 14 }),
    allocation: fc.constantFrom('split', 'bandit', 'ranked'),
    goal: fc.option(fc.constant('Purchase')),
    version: fc.nat(3),
  })
  fc.assert(
    fc.property(figures, ({ rows, ...more }) => {
      const arms = rows.map(([share, trials, rewarded, known], i) =>
        toArm([`v${i}`, share, trials, Math.min(trials, rewarded)], known ? undefined : null),
      )
      const sentence = say(toExperience([], { ...more, arms }))
      expect(sentence).toMatch(/^[“A-Z].*\.$/)
      expect(sentence).not.toMatch(
        /\b(win|winner|wins|won|best|significant|better|NaN|undefined|null)\b|∞/i,
      )
    }),
    { seed: 13 },
  )
})
