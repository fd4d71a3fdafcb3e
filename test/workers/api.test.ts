import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { readBundle } from '../../src/site/bundle-store.ts'
import { configurationOf, siteOf, withValue } from './configuration.ts'
import { ask, askApi, problemOf, publishDraft, staffToken } from './doors.ts'

beforeAll(async () => {
  await publishDraft(configurationOf())
})

describe('a problem', () => {
  const put = async (init: RequestInit) =>
    ask('/_sv/api/v1/sites/shop/configuration', {
      method: 'PUT',
      ...init,
      headers: { authorization: `Bearer ${await staffToken('editor')}`, ...init.headers },
    })
  const json = { 'content-type': 'application/json' }

  test.each<[string, () => Promise<Response>, string, number]>([
    ['of no JSON', () => put({ headers: json, body: '{' }), 'bad_json', 400],
    [
      'of no content type',
      () => put({ body: new Uint8Array([123, 125]) }),
      'unsupported_media',
      415,
    ],
    [
      'of another type',
      () => put({ headers: { 'content-type': 'text/plain' }, body: '{}' }),
      'unsupported_media',
      415,
    ],
    ['of a form', () => put({ body: new URLSearchParams({ a: 'b' }) }), 'unsupported_media', 415],
    ['of mistakes', () => put({ headers: json, body: '{}' }), 'invalid', 422],
    [
      'of size',
      () => put({ headers: json, body: `"${'x'.repeat(8 * 1024 * 1024)}"` }),
      'too_large',
      413,
    ],
    ['of a site unknown', () => askApi('GET /sites/none/configuration'), 'not_found', 404],
    ['of a site unknown, to publish', () => askApi('POST /sites/none/publish'), 'not_found', 404],
    [
      'of a site unknown, to switch off',
      () => askApi('PUT /sites/none/off', { body: { off: true } }),
      'not_found',
      404,
    ],
    ['of a site unknown, its figures', () => askApi('GET /sites/none/figures'), 'not_found', 404],
    ['of a site unknown, its slots', () => askApi('GET /sites/none/slot-health'), 'not_found', 404],
    [
      'of an experience unknown',
      () => askApi('POST /sites/shop/experiences/none/learn'),
      'not_found',
      404,
    ],
    [
      'of a wish unclear',
      () => askApi('PUT /sites/shop/off', { body: { off: 'yes' } }),
      'invalid',
      422,
    ],
    ['of a route unknown', () => askApi('GET /nothing'), 'not_found', 404],
    ['of a method unknown', () => askApi('PATCH /sites'), 'not_found', 404],
    ['of a door unknown', () => ask('/_sv/nothing'), 'not_found', 404],
    ['of the bare prefix', () => ask('/_sv'), 'not_found', 404],
    ['of a method at a door', () => ask('/_sv/v1/batch'), 'not_found', 404],
    ['of a trailing slash', () => ask('/_sv/'), 'not_found', 404],
  ])('%s says so, in the form of RFC 9457', async (_, asked, code, status) => {
    const response = await asked()
    const body = await problemOf(response)
    expect(response.status).toBe(status)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({ type: `/_sv/problems/${code}`, code, status })
    expect(body.title).toMatch(/^[A-Z].+\.$/)
  })

  test('lists every mistake with a pointer', async () => {
    const draft = withValue(
      withValue(configurationOf(), '/slots/0/id', 'Not An Id'),
      '/goals/1/event',
      7,
    )
    const response = await askApi('PUT /sites/shop/configuration', { body: draft })
    const { errors } = await problemOf(response)
    expect(errors?.map(({ pointer }) => pointer)).toEqual(['/slots/0/id', '/goals/1/event'])
    for (const { code, detail } of errors ?? []) {
      expect([code, detail.length > 5]).toEqual(['invalid', true])
    }
  })
})

describe('a draft', () => {
  const write = (configuration: ReturnType<typeof configurationOf>) =>
    askApi(`PUT /sites/${configuration.site.id}/configuration`, { body: configuration })
  const read = async (site: string) => (await askApi(`GET /sites/${site}/configuration`)).json()

  test('reads back as it was written, in its order, all of it', async () => {
    const rich = configurationOf({
      site: siteOf('rich', {
        ...{
          name: 'Räksmörgås “&” 🦐',
          holdout: 0.5,
          beacon: 'everywhere',
          hosts: ['rich.test', 'b.test:81'],
        },
        jwt: {
          ...{
            from: { kind: 'cookie', name: 'session' },
            issuer: 'i',
            audience: 'a',
            algorithm: 'ES256',
          },
          keys: { kind: 'remote', url: 'https://keys.example/jwks' },
          claims: { plan: 'https://claims.example/plan' },
        },
      }),
      variants: Array.from({ length: 60 }, (_, n) => ({
        ...{
          id: `v-${59 - n}`,
          name: `No. ${n} åäö`,
          module: 'offer',
          content: { text: `<${n}> "'&` },
        },
        offer: { value: n + 1, from: '2026-01-01T00:00:00+01:00', until: '2027-01-01T00:00:00Z' },
      })),
      experiences: [
        {
          id: 'z',
          slot: 'hero',
          variants: [{ variant: 'v-1', weight: 0.5 }],
          paused: true,
          priority: -3,
        },
        {
          id: 'a',
          slot: 'offers',
          variants: [{ variant: 'v-0' }],
          window: 0.5,
          from: '2026-01-01T00:00:00Z',
        },
      ],
    })
    expect((await write(rich)).status).toBe(204)
    expect(await read('rich')).toEqual(rich)
  })

  test('is replaced as a whole, and leaves other sites alone', async () => {
    const one = configurationOf({ site: siteOf('one') })
    const two = configurationOf({ site: siteOf('two') })
    await write(one)
    await write(two)
    const less = { ...one, variants: [], experiences: [], slots: one.slots.toReversed() }
    expect((await write(less)).status).toBe(204)
    expect(await read('one')).toEqual(less)
    expect(await read('two')).toEqual(two)
  })

  test('of the same id twice is refused with a pointer, and the old one stays', async () => {
    const good = configurationOf({ site: siteOf('twice') })
    await write(good)
    const twice = withValue(good, '/variants/1/id', 'calm')
    expect(await problemOf(await write(twice))).toMatchObject({
      code: 'invalid',
      errors: [{ code: 'duplicate_id', pointer: '/variants/1/id' }],
    })
    expect(await read('twice')).toEqual(good)
  })

  test('of the same host twice is refused', async () => {
    const site = siteOf('echo', { hosts: ['echo.test', 'b.test', 'echo.test'] })
    expect(await problemOf(await write(configurationOf({ site })))).toMatchObject({
      errors: [{ code: 'duplicate_id', pointer: '/site/hosts/2' }],
    })
  })

  test('belongs to the site it is addressed to', async () => {
    const body = configurationOf({ site: siteOf('three') })
    const response = await askApi('PUT /sites/shop/configuration', { body })
    expect(await problemOf(response)).toMatchObject({ errors: [{ pointer: '/site/id' }] })
  })

  test('may be unfinished: only publishing asks for more', async () => {
    const unfinished = configurationOf({ site: siteOf('unfinished'), modules: [] })
    expect((await write(unfinished)).status).toBe(204)
    const { code, errors = [] } = await problemOf(await askApi('POST /sites/unfinished/publish'))
    expect(code).toBe('invalid')
    expect(errors[0]).toMatchObject({ code: 'unknown_reference', pointer: '/variants/0/module' })
  })
})

describe('a publish', () => {
  const bundleOf = async (name: string) => {
    const query = 'SELECT body FROM bundle WHERE hash = ? ORDER BY part'
    const { results } = await env.DB.prepare(query).bind(name).all<{ body: string }>()
    return results.map(({ body }) => body)
  }
  const sha256 = async (text: string) =>
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toHex()
  const publishOf = async (configuration: ReturnType<typeof configurationOf>) => {
    const published = await publishDraft(configuration)
    if (!('bundle' in published)) throw new Error(JSON.stringify(published))
    return published.bundle
  }

  test('stores a bundle that hashes to its name, and makes it current', async () => {
    const name = await publishOf(configurationOf({ site: siteOf('hashed') }))
    const parts = await bundleOf(name)
    expect(await sha256(parts.join(''))).toBe(name)
    const board = await env.BOARD.getByName('hashed').read(undefined)
    expect(board).toMatchObject({ bundle: name, off: false })
    const opened = await readBundle(name, env.DB, caches.default)
    expect(opened).toMatchObject({ ok: true, value: { hash: name, site: { id: 'hashed' } } })
    const { results } = await env.DB.prepare(`SELECT * FROM host WHERE site = 'hashed'`).all()
    expect(results).toEqual([
      { host: 'hashed.test', site: 'hashed', origin: 'https://origin.example' },
    ])
  })

  test('of the same configuration is the same bundle, of another another', async () => {
    const site = siteOf('same')
    const first = await publishOf(configurationOf({ site }))
    expect(await publishOf(configurationOf({ site }))).toBe(first)
    expect(
      await publishOf(
        configurationOf({
          site,
          goals: [
            { id: 'order', kind: 'click' },
            { id: 'click', kind: 'click' },
          ],
        }),
      ),
    ).not.toBe(first)
    const query = `SELECT count(*) AS n FROM publication WHERE site = 'same'`
    expect(await env.DB.prepare(query).first()).toEqual({ n: 3 })
  })

  test('of a bundle larger than a row stores parts, in ASCII', async () => {
    const text = 'å𝒳"\\\u2028'.repeat(700)
    const variants = Array.from({ length: 90 }, (_, n) => ({
      ...{ id: `v${n}`, module: 'long', content: { text: `${n} ${text}` } },
    }))
    const name = await publishOf(
      configurationOf({
        ...{ site: siteOf('large'), variants, experiences: [], slots: [] },
        modules: [
          {
            id: 'long',
            template: '<p>{{text}}</p>',
            fields: { text: { kind: 'text', max: 5000 } },
          },
        ],
      }),
    )
    const parts = await bundleOf(name)
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) expect(part).toMatch(/^[\0-\x7f]{1,1500000}$/)
    expect(await sha256(parts.join(''))).toBe(name)
    await env.DB.prepare('DELETE FROM bundle WHERE hash = ? AND part = 0').bind(name).run()
    const opened = await readBundle(name, env.DB, await caches.open('empty'))
    expect(opened).toEqual({ ok: false, error: 'bundle_corrupt' })
    expect(await readBundle('f'.repeat(64), env.DB, caches.default)).toEqual({
      ok: false,
      error: 'bundle_missing',
    })
  })

  test('tells learners of their arms first', async () => {
    await publishOf(configurationOf({ site: siteOf('taught') }))
    expect(await env.LEARNERS.getByName('taught/hero-bandit').learnNow()).toBe(1)
    const board = await env.BOARD.getByName('taught').read(undefined)
    expect(Object.keys(board?.weights['hero-bandit']?.shares[''] ?? {})).toEqual(['calm', 'loud'])
    expect(board?.weights).not.toHaveProperty('more-rule')
  })

  test('gives hosts up that are no longer named, and takes many', async () => {
    const hosts = Array.from({ length: 120 }, (_, n) => `h${n}.many.test`)
    await publishOf(configurationOf({ site: siteOf('many', { hosts }) }))
    const count = `SELECT count(*) AS n FROM host WHERE site = 'many'`
    expect(await env.DB.prepare(count).first()).toEqual({ n: 120 })
    await publishOf(configurationOf({ site: siteOf('many', { hosts: ['h7.many.test'] }) }))
    expect(await env.DB.prepare(count).first()).toEqual({ n: 1 })
    await publishOf(configurationOf({ site: siteOf('heir', { hosts: ['h8.many.test'] }) }))
  })

  test('takes no host of another site', async () => {
    const site = siteOf('thief', { hosts: ['thief.test', 'shop.test'] })
    expect(await publishDraft(configurationOf({ site }))).toMatchObject({
      code: 'invalid',
      errors: [{ code: 'host_taken', pointer: '/site/hosts/1' }],
    })
    const { results } = await env.DB.prepare(`SELECT * FROM host WHERE site = 'thief'`).all()
    expect(results).toEqual([])
  })

  test('keeps of the origin what a request can be sent to', async () => {
    await publishOf(
      configurationOf({ site: siteOf('slash', { origin: 'https://origin.example/' }) }),
    )
    const row = await env.DB.prepare(`SELECT origin FROM host WHERE site = 'slash'`).first()
    expect(row).toEqual({ origin: 'https://origin.example' })
  })

  test('and what is published are listed, with the emergency switch', async () => {
    await askApi('PUT /sites/shop/off', { body: { off: true } })
    const listed = async () => {
      const { sites } = await (await askApi('GET /sites')).json<{ sites: { id: string }[] }>()
      return sites.find(({ id }) => id === 'shop')
    }
    expect(await listed()).toMatchObject({ name: 'Shop', hosts: ['shop.test'], off: true })
    expect(await env.BOARD.getByName('shop').read(undefined)).toMatchObject({ off: true })
    const back = await askApi('PUT /sites/shop/off', { body: { off: false } })
    expect(await back.json()).toEqual(await listed())
    expect(await listed()).toMatchObject({
      off: false,
      bundle: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })
})

describe('figures', () => {
  beforeAll(async () => {
    const learner = env.LEARNERS.getByName('shop/hero-bandit')
    await learner.learnNow()
    const insert = `INSERT INTO rollup VALUES ('shop', 'hero-bandit', ?, '', ?, ?, 0, 0, 0, ?, ?, ?, 0)`
    await env.DB.batch(
      [
        ['calm', 1, 80, 4, 40, 400],
        ['calm', 2, 20, 1, 10, 100],
        ['loud', 1, 100, 50, 5, 1],
        ['~holdout', 1, 10, 1, 3, 9],
      ].map((row) => env.DB.prepare(insert).bind(...row)),
    )
  })

  test('sum the hours of each arm, the holdout last', async () => {
    const { experiences } = await (await askApi('GET /sites/shop/figures')).json<{
      experiences: {
        id: string
        arms: { arm: string; counts: object; best: number | null; interval: number[] }[]
      }[]
    }>()
    expect(experiences.map(({ id }) => id)).toEqual(['hero-bandit', 'offer-list', 'more-rule'])
    const [calm, loud, holdout] = experiences[0]?.arms ?? []
    expect(calm).toMatchObject({
      arm: 'calm',
      counts: { delivered: 100, rewarded: 5, value: 50, value2: 500 },
    })
    expect(loud?.best).toBeGreaterThan(0.99)
    expect(holdout).toMatchObject({ arm: '~holdout', best: null, share: 0 })
    const [low = 0, high = 1] = calm?.interval ?? []
    expect([low > 0.01, low < 0.05, high > 0.05, high < 0.15]).toEqual(Array(4).fill(true))
  })

  test('come as CSV that a spreadsheet does not run', async () => {
    const name = '=HYPERLINK("https://evil.example")'
    const draft = withValue(configurationOf(), '/variants/0/name', name)
    await askApi('PUT /sites/shop/configuration', { body: draft })
    const response = await askApi('GET /sites/shop/figures.csv')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const lines = (await response.text()).split('\r\n')
    expect(lines[0]).toMatch(/^experience,variant,name,share,delivered,/)
    expect(lines[1]).toContain(`"'=HYPERLINK(""https://evil.example"")"`)
    expect(lines[1]).toMatch(/^hero-bandit,calm,/)
  })
})

describe('the other doors', () => {
  test('health answers when keys and database are there', async () => {
    const response = await ask('/_sv/health')
    expect([response.status, await response.json()]).toEqual([200, { ok: true }])
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('health is a problem when the database is not', async () => {
    await env.DB.exec('ALTER TABLE host RENAME TO gone')
    const response = await ask('/_sv/health')
    await env.DB.exec('ALTER TABLE gone RENAME TO host')
    expect((await problemOf(response)).code).toBe('unavailable')
    expect(response.headers.get('retry-after')).toBe('5')
  })

  test.each(['/_sv/console/', '/_sv/console/sites/shop', '/_sv/console/nothing.js'])(
    'the console at %s lets nothing but its own files run',
    async (path) => {
      const response = await ask(path)
      const policy = response.headers.get('content-security-policy') ?? ''
      const directives = new Map(
        policy.split('; ').map((text) => [text.split(' ')[0], text.slice(text.indexOf(' ') + 1)]),
      )
      for (const name of ['default-src', 'base-uri', 'form-action', 'frame-ancestors']) {
        expect([name, directives.get(name)]).toEqual([name, `'none'`])
      }
      expect(directives.get('script-src')).toBe(`'self'`)
      expect(policy).not.toContain('unsafe')
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'strict-transport-security': expect.stringMatching(/^max-age=\d{7,}/),
      })
    },
  )

  test('the console’s screens are its page, its files themselves, and no more', async () => {
    const page = await ask('/_sv/console/sites/shop')
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/html/),
    ])
    const [, script = ''] = /src="([^"]+\.js)"/.exec(await page.text()) ?? []
    const file = await ask(script)
    expect([file.status, file.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/javascript/),
    ])
    expect((await ask('/_sv/console/nothing.js')).status).toBe(404)
    expect((await ask('/_sv/console')).headers.get('location')).toBe('/_sv/console/')
  })

  test('the beacon is a script that may be kept', async () => {
    const response = await ask('/_sv/beacon.js')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
    expect((await response.text()).length).toBeGreaterThan(500)
  })
})
