import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { CapUse } from '../../src/admin/caps.ts'
import type { Configuration } from '../../src/model/configuration.ts'
import { Browser, jwt } from './browser.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { askApi, publishDraft } from './doors.ts'
import { originPage, view } from './pages.ts'
import { searchStores } from './search-stores.ts'

const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(originPage)
afterAll(() => fetched.mockRestore())

const consent = { default: 2 as const, cookie: { name: 'consent', tiers: { none: 0 as const } } }

/** A site whose hero is `loud` as long as that may be had, and `calm` otherwise. */
async function publishWith(id: string, loud: object): Promise<void> {
  const site = siteOf(id, { consent, jwt })
  const experiences = [
    { ...{ id: 'scarce', slot: 'hero', variants: [{ variant: 'loud' }], priority: 9 }, ...loud },
    { id: 'others', slot: 'hero', variants: [{ variant: 'calm' }] },
    ...configurationOf().experiences.filter(({ slot }) => slot === 'more'),
  ]
  await publish(configurationOf({ site, experiences }))
}

async function publish(configuration: Configuration): Promise<void> {
  const published = await publishDraft(configuration)
  if ('code' in published) throw new Error(JSON.stringify(published))
}

async function publishStock(): Promise<void> {
  const { variants, experiences } = configurationOf()
  const stocked = variants.map((one) =>
    one.id === 'tent' ? { ...one, offer: { value: 3, stock: 5 } } : one,
  )
  const lists = experiences.filter(({ id }) => id !== 'hero-bandit')
  const site = siteOf('stocked', { consent, jwt })
  await publish(configurationOf({ site, experiences: lists, variants: stocked }))
}

async function publishCampaigns(paused: boolean): Promise<void> {
  const { variants, experiences } = configurationOf()
  const policies = [
    { id: 'one-at-a-time', kind: 'addressed' as const, hours: 48, products: ['ads'] },
  ]
  const ads = variants.map((one) => (one.module === 'banner' ? { ...one, product: 'ads' } : one))
  const site = siteOf('addressed', { consent, jwt })
  const spring = { slot: 'hero', variants: [{ variant: 'loud' }], priority: 9, campaign: 'spring' }
  const autumn = { slot: 'hero', variants: [{ variant: 'calm' }], campaign: 'autumn' }
  const campaigns = [
    { id: 'spring', ...spring, paused },
    { id: 'autumn', ...autumn },
    ...experiences.filter(({ slot }) => slot === 'more'),
  ]
  await publish(configurationOf({ site, policies, variants: ads, experiences: campaigns }))
}

/** An edge knows of new hosts after some seconds: all are published before the first page view. */
const PER_PERSON = { perPerson: { times: 3, hours: 24 } }
const SITES = {
  group: { cap: { people: 40 } },
  nobody: { cap: { people: 40 } },
  devices: { cap: { people: 1 } },
  signing: { cap: { people: 1 } },
  grows: { cap: { people: 2 } },
  views: { cap: PER_PERSON },
  moment: { cap: PER_PERSON },
  everywhere: { cap: PER_PERSON },
  again: { cap: PER_PERSON },
  broken: { cap: { people: 10 } },
  erased: { cap: { people: 1, perPerson: { times: 9, hours: 9 } } },
}

beforeAll(async () => {
  for (const [id, loud] of Object.entries(SITES)) await publishWith(id, loud)
  await publishStock()
  await publishCampaigns(false)
})

async function useOf(site: string): Promise<CapUse | undefined> {
  const { caps }: { caps: CapUse[] } = await (await askApi(`GET /sites/${site}/caps`)).json()
  return caps[0]
}

const crowd = (site: { id: string }, size: number) =>
  Array.from({ length: size }, () => new Browser(site))

const looks = (browsers: readonly Browser[]) => Promise.all(browsers.map((one) => one.look()))

const count = (seen: readonly unknown[], what: string) => seen.filter((one) => one === what).length

describe('a group of so many people', () => {
  test('is that many, however many come at once, and they stay in it', async () => {
    const site = { id: 'group' }
    const everybody = crowd(site, 120)
    const first = await looks(everybody)
    expect(count(first, 'Loud')).toBeLessThanOrEqual(40)
    expect(count(first, 'Loud') + count(first, 'Calm')).toBe(120)
    // Whoever got no answer in time may have a place all the same, or get one now.
    const seen = await looks(everybody)
    expect(count(seen, 'Loud')).toBe(40)
    expect(first.filter((title, at) => title === 'Loud' && seen[at] !== 'Loud')).toEqual([])
    expect(await looks(everybody)).toEqual(seen)
    await vi.waitFor(async () =>
      expect(await useOf('group')).toMatchObject({
        ...{ kind: 'group', id: 'scarce', quota: 'group/scarce', most: 40 },
        ...{ taken: 40, leased: 0, lost: 0, free: 0 },
      }),
    )
  })

  test('is nobody whom nothing is remembered of', async () => {
    const site = { id: 'nobody' }
    const { title } = await view(`https://${site.id}.test/`, 'consent=none')
    expect(title).toBe('Calm')
    expect(await useOf('nobody')).toMatchObject({ taken: 0, free: 40 })
  })

  test('has one place for a person, on whichever device', async () => {
    const site = { id: 'devices' }
    const [first, second, other] = crowd(site, 3)
    await first?.signIn('ada')
    await second?.signIn('ada')
    await other?.signIn('bob')
    expect(await first?.look()).toBe('Loud')
    expect(await second?.look()).toBe('Loud')
    expect(await other?.look()).toBe('Calm')
  })

  test('keeps who was in it before they signed in, with the place that they had', async () => {
    const site = { id: 'signing' }
    const [browser] = crowd(site, 1)
    expect(await browser?.look()).toBe('Loud')
    await browser?.signIn('cid')
    expect(await browser?.look()).toBe('Loud')
    expect(await useOf('signing')).toMatchObject({ taken: 1, free: 0 })
  })

  test('is asked for when it grows, and nobody is sent away when it shrinks', async () => {
    const site = { id: 'grows' }
    const everybody = crowd(site, 3)
    expect(count(await looks(everybody), 'Loud')).toBe(2)
    await publishWith('grows', { cap: { people: 1 } })
    expect(await useOf('grows')).toMatchObject({ most: 1, taken: 2, free: 0 })
  })
})

test('an offer is shown to as many people as there are units of it', async () => {
  const site = { id: 'stocked' }
  const seen = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const { exposures } = await new Browser(site).view()
      return exposures.map(([, , , arm]) => arm)
    }),
  )
  expect(seen.filter((arms) => arms.includes('tent'))).toHaveLength(5)
})

describe('so many page views of one person', () => {
  test('are no more, and others have theirs', async () => {
    const site = { id: 'views' }
    const [one, other] = crowd(site, 2)
    const seen = []
    for (let n = 0; n < 5; n++) seen.push(await one?.look())
    expect(seen).toEqual(['Loud', 'Loud', 'Loud', 'Calm', 'Calm'])
    expect(await other?.look()).toBe('Loud')
  })

  test('at the same moment too', async () => {
    const site = { id: 'moment' }
    const [one] = crowd(site, 1)
    await one?.look()
    const seen = await Promise.all(Array.from({ length: 8 }, () => one?.look()))
    expect(count(seen, 'Loud')).toBe(2)
  })

  test('are counted over all devices where somebody is signed in', async () => {
    const site = { id: 'everywhere' }
    const devices = crowd(site, 2)
    for (const device of devices) await device.signIn('eva')
    const seen = []
    for (let n = 0; n < 5; n++) seen.push(await devices[n % 2]?.look())
    expect(count(seen, 'Loud')).toBe(3)
  })

  test('are there again when the time is over', async () => {
    const site = { id: 'again' }
    const [one] = crowd(site, 1)
    for (let n = 0; n < 4; n++) await one?.look()
    expect(await one?.look()).toBe('Calm')
    vi.useFakeTimers({ now: Date.now() + 86_400_001, toFake: ['Date'] })
    try {
      expect(await one?.look()).toBe('Loud')
    } finally {
      vi.useRealTimers()
    }
  })
})

test('who is addressed by one campaign is not by another', async () => {
  const site = { id: 'addressed' }
  const [one] = crowd(site, 1)
  expect([await one?.look(), await one?.look()]).toEqual(['Loud', 'Loud'])
  await publishCampaigns(true)
  const seen = await vi.waitFor(
    async () => {
      const title = await one?.look()
      expect(title).not.toBe('Loud')
      return title
    },
    { timeout: 8_000, interval: 200 },
  )
  expect(seen).toBeUndefined()
  const [other] = crowd(site, 1)
  expect(await other?.look()).toBe('Calm')
})

test('who is erased is in no group any more, and their place is nobody else’s', async () => {
  const site = { id: 'erased' }
  const [one, other] = crowd(site, 2)
  await one?.signIn('hal')
  expect(await one?.look()).toBe('Loud')
  const id = (await one?.id()) ?? ''
  await one?.say({ type: 'identify', messageId: 'x', userId: 'hal', traits: {} })
  await one?.settle()
  const before = await searchStores(id)
  expect(before.length).toBeGreaterThan(0)
  const exported = await (
    await askApi('POST /sites/erased/people/export', { body: { userId: 'hal' } })
  ).json<{ places: string[]; people: { shows: { shown: unknown[] } }[] }>()
  expect(exported.places).toEqual(['group/scarce'])
  expect(exported.people[0]?.shows.shown).toHaveLength(1)
  const erased = await askApi('POST /sites/erased/people/erase', { body: { userId: 'hal' } })
  expect(await erased.json()).toMatchObject({ left: 0, erased: { places: 1, shows: 1 } })
  expect(await searchStores(id)).toEqual([])
  expect(await other?.look()).toBe('Calm')
  expect(await useOf('erased')).toMatchObject({ taken: 1, free: 0 })
})

describe('where places cannot be asked for', () => {
  beforeAll(async () => {
    const site = { id: 'broken' }
    await new Browser(site).look()
    await runInDurableObject(env.QUOTAS.getByName('broken/group/scarce'), (_, { storage }) => {
      const refuse = `BEGIN SELECT RAISE(ABORT, 'gone'); END`
      storage.sql.exec(`CREATE TRIGGER broken BEFORE INSERT ON place ${refuse}`)
      storage.sql.exec('UPDATE lease SET places = 0')
    })
  })

  test('the page is whole, shows something else, and says why', async () => {
    const seen = await looks(crowd({ id: 'broken' }, 12))
    expect(new Set(seen)).toEqual(new Set(['Calm', 'Loud']))
    expect(seen.at(-1)).toBe('Calm')
    expect(count(seen, 'Loud')).toBeLessThanOrEqual(9)
  })
})
