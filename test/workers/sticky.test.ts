import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Configuration } from '../../src/model/configuration.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { publishDraft } from './doors.ts'
import { originPage, until, view } from './pages.ts'

const SITE = 'keeps'
const URL = `https://${SITE}.test/`

const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(originPage)
afterAll(() => fetched.mockRestore())

const configurationWith = (...variants: readonly string[]): Configuration => {
  const { variants: known, experiences } = configurationOf()
  const [calm] = known
  return configurationOf({
    site: siteOf(SITE),
    variants: [...known, { ...calm, id: 'fresh', module: 'banner', content: FRESH }],
    experiences: [
      {
        ...{ id: 'hero-bandit', slot: 'hero', sticky: true, goal: 'order' },
        ...{ allocation: { kind: 'bandit' }, variants: variants.map((variant) => ({ variant })) },
      },
      ...experiences.filter(({ slot }) => slot === 'more'),
    ],
  })
}
const FRESH = { title: 'Fresh', link: '/fresh' }

const publish = (version: number, shares: Record<string, number>) =>
  env.BOARD.getByName(SITE).setWeights('hero-bandit', { version, at: 1, shares: { '': shares } })

/** Waits until newcomers are shown by the newest weights. */
const untilNewcomersGet = (title: string, version: number) =>
  until(
    () => view(URL),
    ({ title: shown, exposures }) => shown === title && exposures[0]?.[1] === version,
  )

beforeAll(async () => {
  const published = await publishDraft(configurationWith('calm', 'loud'))
  if ('code' in published) throw new Error(JSON.stringify(published))
  await publish(1, { calm: 9000, loud: 1000 })
})

test('a visitor keeps a variant while weights change, and until it is gone', async () => {
  const first = await untilNewcomersGet('Calm', 1)
  expect(first.exposures).toEqual([['hero-bandit', 1, '', 'calm', 0, 0.9]])
  expect(first.cookie).not.toBe('')

  await publish(2, { calm: 0, loud: 10_000 })
  await untilNewcomersGet('Loud', 2)
  const again = await view(URL, first.cookie)
  expect([again.title, again.exposures]).toEqual(['Calm', first.exposures])
  expect(again.cookie).toBe('')

  // Who allows no identifier has nothing to keep it in.
  const nobody = await view(URL, `consent=none; ${first.cookie}`)
  expect([nobody.title, nobody.exposures]).toEqual(['Loud', []])

  const changed = await publishDraft(configurationWith('loud', 'fresh'))
  if ('code' in changed) throw new Error(JSON.stringify(changed))
  await publish(3, { loud: 0, fresh: 10_000 })
  await untilNewcomersGet('Fresh', 3)
  const anew = await view(URL, first.cookie)
  expect([anew.title, anew.exposures]).toEqual(['Fresh', [['hero-bandit', 3, '', 'fresh', 0, 1]]])
  expect(anew.cookie).not.toBe('')

  await publish(4, { loud: 10_000, fresh: 0 })
  await untilNewcomersGet('Loud', 4)
  const last = await view(URL, anew.cookie)
  expect([last.title, last.exposures, last.cookie]).toEqual(['Fresh', anew.exposures, ''])
}, 60_000)
