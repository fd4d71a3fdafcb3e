import { runInDurableObject } from 'cloudflare:test'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { configurationOf, siteOf } from './configuration.ts'
import { askApi, HOST, publishDraft } from './doors.ts'
import { originPage, until, view } from './pages.ts'
import { batch, message, newVisitor, receipt, SITE } from './senders.ts'

const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(originPage)
afterAll(() => fetched.mockRestore())

/** A day of quiet on this page after a complaint; whom nobody knows is left alone. */
beforeAll(async () => {
  const draft = configurationOf({
    site: siteOf(SITE),
    policies: [{ id: 'quiet', kind: 'quiet-after', event: 'Complaint Made', hours: 24 }],
  })
  const published = await publishDraft(draft)
  if ('code' in published) throw new Error(JSON.stringify(published))
})

const look = (cookie: string) => view(`${HOST}/`, cookie)
const BANNERS = ['Calm', 'Loud']

/** What stands in the visitor's shard of what was kept from them. */
const keptFrom = ({ shard, id }: Awaited<ReturnType<typeof newVisitor>>) =>
  runInDurableObject(shard, (_, { storage }) =>
    storage.sql.exec('SELECT * FROM suppression WHERE visitor = ?', id).toArray(),
  )

test('who is new has done nothing yet, and is shown something at the first look', async () => {
  const { title, exposures } = await look('consent=all')
  expect(BANNERS).toContain(title)
  expect(exposures.length).toBeGreaterThan(0)
})

test.each(['some', 'none'])(
  'who allows “%s” may have done it, and is shown nothing',
  async (consent) => {
    const { title, html, exposures } = await look(`consent=${consent}`)
    expect([title, exposures]).toEqual([undefined, []])
    expect(html).toContain('<main id="hero">Origin</main>')
  },
)

test('what a visitor did keeps the next page back, and that is on record', async () => {
  const visitor = await newVisitor()
  expect(BANNERS).toContain((await look(visitor.cookie)).title)
  const done = [message({ event: 'Complaint Made' })]
  expect(await batch(done, visitor.cookie)).toEqual(receipt(1))
  // The cookie as it was before has nothing of the profile: the shard is asked.
  const { title, exposures } = await look(visitor.cookie)
  expect([title, exposures]).toEqual([undefined, []])
  const record = await until(
    () => keptFrom(visitor),
    (rows) => rows.length > 0,
  )
  expect(JSON.stringify(record)).toContain('quiet_after')
  expect(JSON.stringify(record)).toMatch(/"quiet"/)
})

test('who cannot be told of is shown nothing, and the page comes all the same', async () => {
  // An id that leads to no shard: as if that did not answer in time.
  const { cookie } = await newVisitor('all', { id: 'nowhere' })
  const { title, html, exposures } = await look(cookie)
  expect([title, exposures]).toEqual([undefined, []])
  expect(html).toContain('<main id="hero">Origin</main>')
})

test('what was kept back is counted by policy, wording and reason', async () => {
  const counted = await until(
    async () => JSON.stringify(await (await askApi(`GET /sites/${SITE}/suppressions`)).json()),
    (text) => ['quiet_after', 'anonymous', 'unknown'].every((reason) => text.includes(reason)),
  )
  expect(counted).toContain('"policy":"quiet"')
})
