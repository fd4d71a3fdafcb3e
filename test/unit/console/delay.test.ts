import { expect, test } from 'vitest'
import { toDelay } from '../../../src/console/delay.ts'

test.each([
  ['while all is well', 0, 5_000],
  ['after the first failure, which may be a blink', 1, 5_000],
  ['after the second', 2, 10_000],
  ['after the fourth', 4, 40_000],
  ['after many, within a minute still', 60, 60_000],
])('the next call %s', (_, failures, delay) => expect(toDelay(failures)).toBe(delay))
