import { expect, test } from 'vitest'
import { createTrail } from '../../../src/model/trail.ts'

function trailOf(...times: number[]) {
  const lines: string[] = []
  const trail = createTrail(
    () => times.shift() ?? 0,
    (line) => lines.push(line),
  )
  return { trail, lines }
}

test('a page view without faults says how long it waited, and logs nothing', async () => {
  const { trail, lines } = trailOf(100, 130, 200, 201)
  expect(await trail.time('origin', Promise.resolve('page'))).toBe('page')
  await expect(trail.time('profile', Promise.reject(new Error('down')))).rejects.toThrow('down')
  expect(trail.serverTiming('personal')).toBe(
    'sv;desc="personal", sv-origin;dur=30, sv-profile;dur=1',
  )
  trail.log('shop')
  expect([trail.isDegraded(), lines]).toEqual([false, []])
})

test('faults are in the header by name, and in the log with their detail', () => {
  const { trail, lines } = trailOf()
  trail.note('cookie_invalid')
  trail.note('render_failed', 'hero: "no" variant')
  expect(trail.serverTiming('passed')).toBe('sv;desc="passed cookie_invalid render_failed"')
  trail.log('shop')
  expect(trail.isDegraded()).toBe(true)
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      event: 'degraded',
      site: 'shop',
      faults: [
        { fault: 'cookie_invalid' },
        { fault: 'render_failed', detail: 'hero: "no" variant' },
      ],
    },
  ])
})
