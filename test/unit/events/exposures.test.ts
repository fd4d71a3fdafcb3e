import { expect, test } from 'vitest'
import { toExposures } from '../../../src/events/exposures.ts'
import type { Decision } from '../../../src/model/decision.ts'
import { HOLDOUT_ARM } from '../../../src/model/exposure.ts'
import type { Fragment } from '../../../src/model/fragment.ts'
import { SlotSchema } from '../../../src/model/slot.ts'

const slot = SlotSchema.parse({ id: 'hero', selector: '#hero', pages: ['/'] })

const decision = (experience: string, changes: Partial<Decision> = {}): Decision => ({
  ...{ slot: 'hero', experience, version: 3, segment: '', reason: 'bandit' },
  picks: [{ variant: 'calm', propensity: 0.25 }],
  ...changes,
})

const fragment = (experience: string, marks: readonly string[]): Fragment => ({
  ...{ slot, experience, html: '<b>x</b>', marks },
})

const exposure = (experience: string, arm: string, changes: object = {}) => ({
  ...{ experience, version: 3, segment: '', arm, rank: 0, propensity: 0.25, ...changes },
})

test('a page proves what was rendered, place by place, and who was left alone', () => {
  const list = decision('list', {
    picks: [
      { variant: 'tent', propensity: 0.5 },
      { variant: 'boots', propensity: 1 },
    ],
  })
  const held = decision('held', { reason: 'holdout', picks: [], version: 0 })
  const decisions = [
    decision('hero'),
    list,
    held,
    decision('failed'),
    decision('empty', { picks: [] }),
  ]
  const fragments = [fragment('hero', ['hero']), fragment('list', ['list', 'list.1'])]
  expect(toExposures(decisions, fragments)).toEqual({
    exposures: [
      exposure('hero', 'calm'),
      exposure('list', 'tent', { propensity: 0.5 }),
      exposure('list', 'boots', { rank: 1, propensity: 1 }),
      exposure('held', HOLDOUT_ARM, { version: 0, propensity: 1 }),
    ],
    marks: ['hero', 'list', 'list.1', ''],
  })
})
