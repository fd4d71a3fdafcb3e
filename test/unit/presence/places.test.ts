import { expect, test } from 'vitest'
import { enter, GONE_MS, type Heard, othersAt } from '../../../src/presence/places.ts'

const at = (who: string, now: number, place = 'variants/hero'): Heard => ({ place, who, at: now })

test('others are told until they miss two heartbeats', () => {
  const heard = [at('ann', 0), at('bo', 10), at('ann', 20)].reduce(enter, [])
  expect(heard).toHaveLength(2)
  expect(othersAt(heard, at('cy', 30))).toEqual(['ann', 'bo'])
  expect(othersAt(heard, at('ann', 30))).toEqual(['bo'])
  const later = enter(heard, at('cy', 10 + GONE_MS))
  expect(othersAt(later, at('cy', 10 + GONE_MS))).toEqual(['ann'])
})

test('who is elsewhere is not here', () => {
  const heard = [at('ann', 0, 'variants/other'), at('bo', 0)].reduce(enter, [])
  expect(othersAt(heard, at('cy', 1))).toEqual(['bo'])
})

test('a crowd is bounded, and the newest stay', () => {
  const crowd = Array.from({ length: 700 }, (_, n) => at(`p${n}`, n)).reduce(enter, [])
  expect(crowd).toHaveLength(500)
  expect(crowd.at(-1)?.who).toBe('p699')
})
