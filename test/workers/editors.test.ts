import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { KINDS } from '../../src/model/configuration.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { askApi, problemOf, publishDraft, staffToken } from './doors.ts'

const audience = (id: string, name = '') => ({
  ...{ id, name },
  condition: { 'visitor.returning': true },
})
const editor = await staffToken('editor', 600)
const marketer = await staffToken('marketer', 600)

const make = (id: string, name?: string) =>
  askApi('POST /sites/shop/audiences', { body: audience(id, name) })
const draftOf = async <T>(): Promise<T> => (await askApi('GET /sites/shop/configuration')).json()

interface Thing {
  readonly doc: { readonly id: string; readonly name?: string }
  readonly version: number
}

beforeAll(async () => {
  await publishDraft(configurationOf())
})

describe('a thing', () => {
  test('is made, read, changed and deleted, each time by the version that was read', async () => {
    const made = await make('made', 'Made')
    expect(made.status).toBe(201)
    expect(made.headers.get('location')).toBe('/_sv/api/v1/sites/shop/audiences/made')
    const tag = made.headers.get('etag') ?? ''
    const thing = await made.json<Thing>()
    expect(thing).toMatchObject({ doc: audience('made', 'Made'), updatedBy: 'a-owner' })
    expect(tag).toBe(`"${thing.version}"`)

    const read = await askApi('GET /sites/shop/audiences/made', { token: marketer })
    expect(read.headers.get('etag')).toBe(tag)
    expect(await read.json()).toEqual(thing)

    const changed = await askApi('PUT /sites/shop/audiences/made', {
      token: editor,
      body: audience('made', 'Changed'),
      headers: { 'if-match': tag },
    })
    expect(changed.status).toBe(200)
    const after = await changed.json<Thing>()
    expect(after.version).toBeGreaterThan(thing.version)
    expect(await draftOf()).toMatchObject({
      audiences: expect.arrayContaining([audience('made', 'Changed')]),
    })

    const headers = { 'if-match': `"${after.version}"` }
    expect((await askApi('DELETE /sites/shop/audiences/made', { headers })).status).toBe(204)
    expect((await askApi('GET /sites/shop/audiences/made')).status).toBe(404)
  })

  test('of two editors who read the same, only the first is heard; the second is told what is there', async () => {
    const tag = (await make('two')).headers.get('etag') ?? ''
    const put = (name: string) =>
      askApi('PUT /sites/shop/audiences/two', {
        body: audience('two', name),
        headers: { 'if-match': tag },
      })
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(put))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412])
    const refused = answers.find(({ status }) => status === 412)
    const winner = await answers.find(({ status }) => status === 200)?.json<Thing>()
    expect(await refused?.json()).toMatchObject({ code: 'precondition_failed', current: winner })
  })

  test('that was deleted and made again is not overwritten by who knew the first', async () => {
    const tag = (await make('again')).headers.get('etag') ?? ''
    await askApi('DELETE /sites/shop/audiences/again', { headers: { 'if-match': tag } })
    await make('again', 'Second')
    const late = await askApi('PUT /sites/shop/audiences/again', {
      body: audience('again', 'First'),
      headers: { 'if-match': tag },
    })
    expect(late.status).toBe(412)
  })

  test.each([
    ['PUT', {}, 'precondition_required', 428],
    ['DELETE', {}, 'precondition_required', 428],
    ['PUT', { 'if-match': 'W/"1"' }, 'precondition_failed', 412],
    ['PUT', { 'if-match': '"999999"' }, 'precondition_failed', 412],
    ['PUT', { 'if-none-match': '*' }, 'precondition_failed', 412],
    ['DELETE', { 'if-match': '1' }, 'precondition_failed', 412],
  ])('%s with %o is refused: %s', async (method, headers, code, status) => {
    await make('guarded')
    const body = method === 'PUT' ? { body: audience('guarded') } : {}
    const response = await askApi(`${method} /sites/shop/audiences/guarded`, { headers, ...body })
    expect(await problemOf(response)).toMatchObject({ code, status })
  })

  test('is made by PUT where there is none, once', async () => {
    const put = () =>
      askApi('PUT /sites/shop/audiences/fresh', {
        body: audience('fresh'),
        headers: { 'if-none-match': '*' },
      })
    expect((await Promise.all([put(), put()])).map(({ status }) => status).sort()).toEqual([
      201, 412,
    ])
  })

  test('that is there is not made again', async () => {
    await make('there')
    expect(await problemOf(await make('there'))).toMatchObject({ code: 'exists', status: 409 })
  })

  test('of another id than its address is refused', async () => {
    const response = await askApi('PUT /sites/shop/audiences/one', {
      body: audience('other'),
      headers: { 'if-none-match': '*' },
    })
    expect((await problemOf(response)).errors?.[0]?.pointer).toBe('/id')
  })

  test('is told each of its mistakes; a template of 1 MB is one', async () => {
    const body = { id: 'Huge One', name: '', template: 'x'.repeat(1_000_000), fields: {} }
    const { errors } = await problemOf(await askApi('POST /sites/shop/modules', { body }))
    expect(errors?.map(({ pointer }) => pointer).sort()).toEqual(['/id', '/template'])
  })

  test('may name what is not there yet; a check says so, with who goes first on a slot', async () => {
    const [experience] = configurationOf().experiences
    const body = { ...experience, id: 'half', slot: 'nowhere', priority: 5 }
    const made = await askApi('POST /sites/shop/experiences', { body })
    expect(made.status).toBe(201)
    const second = { ...experience, id: 'second', name: 'Second', priority: 7 }
    const also = await askApi('POST /sites/shop/experiences', { body: second })
    const checked = await (await askApi('POST /sites/shop/check', { token: editor })).json<{
      problems: { pointer: string }[]
      collisions: { slot: string; winner: string }[]
    }>()
    const place = (await draftOf<{ experiences: { id: string }[] }>()).experiences.findIndex(
      ({ id }) => id === 'half',
    )
    expect(checked.problems.map(({ pointer }) => pointer)).toContain(`/experiences/${place}/slot`)
    expect(checked.collisions).toContainEqual(
      expect.objectContaining({ slot: experience?.slot, winner: 'second' }),
    )
    for (const [id, { headers }] of [
      ['half', made],
      ['second', also],
    ] as const) {
      const tag = { 'if-match': headers.get('etag') ?? '' }
      await askApi(`DELETE /sites/shop/experiences/${id}`, { headers: tag })
    }
  })

  test('that is in use stays, and who uses it is named', async () => {
    const { slot } = configurationOf().experiences[0] ?? { slot: '' }
    const { version } = await (await askApi(`GET /sites/shop/slots/${slot}`)).json<Thing>()
    const headers = { 'if-match': `"${version}"` }
    const response = await askApi(`DELETE /sites/shop/slots/${slot}`, { headers })
    const { code, errors } = await problemOf(response)
    expect(code).toBe('in_use')
    expect(errors?.map(({ pointer }) => pointer)).toContain('/experiences/0/slot')
    expect(errors?.[0]?.detail).toMatch(/^The experience “.+” names it\.$/)
  })
})

describe('a list', () => {
  const list = async (query: string) => {
    const response = await askApi(`GET /sites/shop/goals?${query}`, { token: marketer })
    return response.json<{ items: Thing[]; next: string | null }>()
  }
  const goal = (id: string) =>
    askApi('POST /sites/shop/goals', { body: { kind: 'click', id, name: `Goal ${id}` } })

  test('is read page by page, each thing once, while others add to it', async () => {
    for (const n of [1, 2, 3, 4, 5]) await goal(`paged-${n}`)
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await list(`limit=2&q=GOAL%20paged${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.items.map(({ doc }) => doc.id))
      if (cursor === '') await goal('paged-9')
      cursor = page.next ?? ''
    } while (cursor !== '')
    expect(seen).toEqual(['paged-1', 'paged-2', 'paged-3', 'paged-4', 'paged-5', 'paged-9'])
  })

  test.each(['limit=0', 'limit=201', 'limit=x', 'cursor=x', 'cursor=e30', 'cursor=%00'])(
    'of ?%s is refused',
    async (query) => {
      const response = await askApi(`GET /sites/shop/goals?${query}`)
      expect(await problemOf(response)).toMatchObject({ code: 'invalid', status: 422 })
    },
  )

  test.each([...KINDS, 'offers'])(
    'there is one of %s, and none of a site unknown',
    async (kind) => {
      expect((await askApi(`GET /sites/shop/${kind}`)).status).toBe(200)
      expect((await askApi(`GET /sites/none/${kind}`)).status).toBe(404)
    },
  )

  test('of offers has the variants that are some', async () => {
    const variant = { ...configurationOf().variants[0], id: 'no-offer', offer: undefined }
    expect(
      (await problemOf(await askApi('POST /sites/shop/offers', { body: variant }))).errors,
    ).toMatchObject([{ pointer: '/offer' }])
    await askApi('POST /sites/shop/offers', { body: { ...variant, id: 'offer', offer: {} } })
    await askApi('POST /sites/shop/variants', { body: variant })
    const offers = await (await askApi('GET /sites/shop/offers')).json<{ items: Thing[] }>()
    const ids = offers.items.map(({ doc }) => doc.id)
    expect([ids.includes('offer'), ids.includes('no-offer')]).toEqual([true, false])
    expect((await askApi('GET /sites/shop/offers/no-offer')).status).toBe(404)
    expect((await askApi('GET /sites/shop/variants/offer')).status).toBe(200)
  })
})

describe('a site', () => {
  const put = (doc: object, version: number, token = editor) =>
    askApi('PUT /sites/shop', { token, body: doc, headers: { 'if-match': `"${version}"` } })

  test('is made by owners, once, and never by the way', async () => {
    const body = siteOf('fresh')
    expect((await askApi('POST /sites', { token: editor, body })).status).toBe(403)
    const sneaky = configurationOf({ site: body })
    const by = { token: editor, body: sneaky }
    expect((await askApi('PUT /sites/fresh/configuration', by)).status).toBe(403)
    const made = await askApi('POST /sites', { body })
    expect([made.status, made.headers.get('location')]).toEqual([201, '/_sv/api/v1/sites/fresh'])
    expect((await askApi('POST /sites', { body })).status).toBe(409)
  })

  test('is changed by editors, but for whom it serves and believes', async () => {
    const { doc, version } = await (await askApi('GET /sites/shop')).json<Thing>()
    const hijack = await put({ ...doc, origin: 'https://evil.example' }, version)
    expect(hijack.status).toBe(403)
    expect((await problemOf(hijack)).errors).toMatchObject([{ pointer: '/origin' }])
    const named = await put({ ...doc, name: 'New name' }, version)
    expect(named.status).toBe(200)
    expect((await put({ ...doc, name: 'Late' }, version)).status).toBe(412)
    const whole = { ...(await draftOf<object>()), site: { ...doc, holdout: 0.4 } }
    const around = await askApi('PUT /sites/shop/configuration', { token: editor, body: whole })
    expect((await problemOf(around)).errors).toMatchObject([{ pointer: '/site/holdout' }])
  })
})

describe('the whole draft', () => {
  const read = () => askApi('GET /sites/shop/configuration')

  test('has a tag that anything changes, and who names it is held to it', async () => {
    const before = (await read()).headers.get('etag') ?? ''
    await make('tagged')
    const now = await read()
    expect(now.headers.get('etag')).not.toBe(before)
    const body = await now.json()
    const put = (headers: Record<string, string>) =>
      askApi('PUT /sites/shop/configuration', { body, headers })
    expect((await put({ 'if-match': before })).status).toBe(412)
    const written = await put({ 'if-match': now.headers.get('etag') ?? '' })
    expect(written.status).toBe(204)
    expect(written.headers.get('etag')).toBe((await read()).headers.get('etag'))
    expect((await put({})).status).toBe(204)
  })

  test('leaves alone who is at what it does not change', async () => {
    const tag = (await make('mine')).headers.get('etag') ?? ''
    await make('other')
    const draft = await draftOf<{ audiences: { id: string; name: string }[] }>()
    const audiences = draft.audiences
      .map((one) => (one.id === 'other' ? { ...one, name: 'Changed' } : one))
      .toReversed()
    await askApi('PUT /sites/shop/configuration', { body: { ...draft, audiences } })
    expect((await draftOf<typeof draft>()).audiences).toEqual(audiences)
    const mine = await askApi('GET /sites/shop/audiences/mine')
    expect(mine.headers.get('etag')).toBe(tag)
  })

  test('of many changes at once loses none', async () => {
    const ids = ['r-1', 'r-2', 'r-3']
    const answers = await Promise.all(ids.map((id) => make(id)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    const { audiences } = await draftOf<{ audiences: { id: string }[] }>()
    expect(audiences.map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
  })
})

describe('the log', () => {
  interface Entry {
    readonly seq: number
    readonly by: string
    readonly role: string
    readonly action: string
    readonly kind: string | null
    readonly id: string | null
    readonly version: number | null
    readonly summary: string
  }
  const log = async (query = 'site=shop') => {
    const response = await askApi(`GET /audit?${query}`, { token: marketer })
    return response.json<{ items: Entry[]; next: string | null }>()
  }
  const newest = async () => (await log('site=shop&limit=1')).items[0]
  const learner = '/sites/shop/experiences/hero-bandit'

  test.each<[string, unknown, Partial<Entry>]>([
    ['POST /sites/shop/audiences', audience('logged'), { action: 'create', id: 'logged' }],
    ['POST /sites/shop/publish', undefined, { action: 'publish' }],
    ['PUT /sites/shop/off', { off: true }, { action: 'switch-off' }],
    ['PUT /sites/shop/off', { off: false }, { action: 'switch-on' }],
    [`POST ${learner}/learn`, undefined, { action: 'learn', id: 'hero-bandit' }],
    [`POST ${learner}/rollback`, { version: 0 }, { action: 'rollback', id: 'hero-bandit' }],
    ['POST /sites/shop/write-keys', undefined, { action: 'create', kind: 'write-keys' }],
    ['POST /sites/shop/traces', {}, { action: 'create', kind: 'traces' }],
    ['POST /sites/shop/people/export', { userId: 'ada@a.test' }, { action: 'export' }],
    ['POST /sites/shop/people/erase', { userId: 'ada@a.test' }, { action: 'erase' }],
    ['POST /sites/shop/people/consent', { userId: 'ada@a.test', tier: 1 }, { action: 'consent' }],
  ])('has %s', async (route, body, entry) => {
    const before = (await newest())?.seq ?? 0
    const response = await askApi(route, { body })
    expect(response.status).toBeLessThan(300)
    const found = await newest()
    expect(found).toMatchObject({ ...entry, by: 'a-owner', role: 'owner' })
    expect(found?.seq).toBe(before + 1)
    expect(JSON.stringify(found)).not.toContain('ada@')
  })

  test('has the version that a change made, and nothing of one that was refused', async () => {
    const made = await make('versioned')
    expect(await newest()).toMatchObject({
      version: (await made.json<Thing>()).version,
      kind: 'audiences',
    })
    const before = await newest()
    await make('versioned')
    expect(await newest()).toEqual(before)
  })

  test('is read page by page, the newest first', async () => {
    const all = (await log('site=shop&limit=200')).items.map(({ seq }) => seq)
    expect(all).toEqual(all.toSorted((a, b) => b - a))
    const first = await log('site=shop&limit=3')
    const second = await log(`site=shop&limit=3&cursor=${first.next}`)
    expect([...first.items, ...second.items].map(({ seq }) => seq)).toEqual(all.slice(0, 6))
  })

  test('of all sites is for owners', async () => {
    expect((await askApi('GET /audit', { token: editor })).status).toBe(403)
    expect((await askApi('GET /audit')).status).toBe(200)
  })

  test.each(["UPDATE change_log SET by = 'x'", 'DELETE FROM change_log'])(
    'is append-only: %s',
    async (statement) => {
      await expect(env.DB.prepare(statement).run()).rejects.toThrow('append-only')
    },
  )
})
