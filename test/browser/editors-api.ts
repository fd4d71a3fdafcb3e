import type { Page, Route } from 'playwright-core'
import { matches } from '../../src/decide/condition.ts'
import { clauseOf, sentenceOf } from '../../src/model/condition-sentence.ts'
import type { Configuration } from '../../src/model/configuration.ts'
import type { Instance } from '../flows/instance.ts'

/**
 * The editors' API by its contract, held in memory between the console and the real worker: documents
 * with versions, conditions on them, histories. Publishing goes through to the real worker, so that what
 * is published is what visitors get.
 */
export interface EditorsApi {
  readonly things: Map<string, Stored>
  /** Sent with the next calls in place of an answer; null for none. */
  failing: number | null
}

interface Stored {
  doc: Record<string, unknown>
  version: number
  updatedAt: number
  updatedBy: string
}

interface Published {
  seq: number
  at: number
  note: string | null
  configuration: Configuration
}

const KINDS = [
  ...['slots', 'modules', 'variants', 'attributes', 'counters'],
  ...['policies', 'audiences', 'goals', 'experiences'],
] as const

type Answer = { status: number; body?: unknown }

const problem = (status: number, detail: string, more: object = {}): Answer => ({
  status,
  body: { title: detail, detail, status, ...more },
})

export async function attachEditorsApi(page: Page, demo: Instance): Promise<EditorsApi> {
  const draft = (await demo.api.get('/sites/demo/configuration')) as Configuration
  const api: EditorsApi = { things: new Map(), failing: null }
  const put = (key: string, doc: Record<string, unknown>, by = 'maria@example.com') => {
    const stored = {
      doc,
      version: (api.things.get(key)?.version ?? 0) + 1,
      updatedAt: Date.now(),
      updatedBy: by,
    }
    api.things.set(key, stored)
    return stored
  }
  put('site', draft.site)
  for (const kind of KINDS) {
    for (const thing of draft[kind]) put(`${kind}/${thing.id}`, thing)
  }
  const list = (kind: string) =>
    [...api.things].flatMap(([key, stored]) => (key.startsWith(`${kind}/`) ? [stored] : []))
  const configuration = () =>
    Object.fromEntries([
      ['site', api.things.get('site')?.doc],
      ...KINDS.map((kind) => [kind, list(kind).map(({ doc }) => doc)]),
    ]) as unknown as Configuration
  const history: Published[] = [
    {
      seq: 1,
      at: Date.now() - 86_400_000,
      note: 'The shop as it was',
      configuration: configuration(),
    },
  ]
  let current = 1
  const publish = async (what: Configuration) => {
    await demo.api.put('/sites/demo/configuration', what)
    await demo.api.post('/sites/demo/publish')
  }
  const differences = (from: Configuration, to: Configuration) =>
    KINDS.flatMap((kind) => {
      const before = new Map(from[kind].map((thing) => [thing.id, JSON.stringify(thing)]))
      const after = new Map(to[kind].map((thing) => [thing.id, JSON.stringify(thing)]))
      return [...new Set([...before.keys(), ...after.keys()])].flatMap((id) => {
        if (before.get(id) === after.get(id)) return []
        const change = !before.has(id) ? 'added' : !after.has(id) ? 'removed' : 'changed'
        const sentence = `The ${kind} “${id}” reads otherwise now.`
        const fields = change === 'changed' ? [{ pointer: '', sentence }] : []
        return [{ kind, id, name: id, change, fields }]
      })
    })
  const configurationOf = (name: string | null) =>
    name === 'draft'
      ? configuration()
      : (history.find(({ seq }) => String(seq) === name)?.configuration ?? configuration())

  const things = (method: string, kind: string, id: string, route: Route): Answer => {
    const key = `${kind}/${id}`
    const stored = api.things.get(key)
    const headers = route.request().headers()
    if (method === 'GET')
      return stored
        ? { status: 200, body: stored }
        : problem(404, 'There is nothing here by that name.')
    const expected = headers['if-match']
    const isNew = headers['if-none-match'] === '*'
    if (!expected && !isNew) return problem(428, 'Send If-Match.')
    if (isNew ? stored : `"${stored?.version}"` !== expected) {
      return problem(412, 'It was changed since.', { current: stored })
    }
    if (method === 'DELETE') {
      api.things.delete(key)
      return { status: 204 }
    }
    const doc = route.request().postDataJSON()
    if (!/^[a-z0-9][\w-]*$/i.test(doc.id)) {
      const errors = [
        { code: 'invalid', pointer: '/id', detail: 'Use a-z, 0-9 and inner hyphens.' },
      ]
      return problem(
        422,
        'The document has mistakes; each is listed with a pointer to its field.',
        { errors },
      )
    }
    return { status: stored ? 200 : 201, body: put(key, doc) }
  }

  const checked = (): Answer => {
    const { variants, modules } = configuration()
    const problems = variants.flatMap((variant, place) =>
      modules.some(({ id }) => id === variant.module)
        ? []
        : [
            {
              code: 'unknown_reference',
              pointer: `/variants/${place}/module`,
              detail: `There is no module “${variant.module}”.`,
            },
          ],
    )
    const collisions = [
      {
        slot: 'hero',
        experiences: ['hero-member', 'hero-everybody'],
        winner: 'hero-member',
        detail:
          '“Hero for members” goes first where both would: its priority is 20, the other’s 0.',
      },
    ]
    const warnings = [
      {
        code: 'missing_slot',
        pointer: '/slots/0/selector',
        detail: 'On /products this finds nothing.',
      },
    ]
    return { status: 200, body: { problems, warnings, collisions } }
  }

  const answer = async (route: Route): Promise<Answer | null> => {
    const request = route.request()
    const url = new URL(request.url())
    const method = request.method()
    const path = url.pathname.replace('/_sv/api/v1', '')
    const body = () => request.postDataJSON() ?? {}
    if (path === '/gallery') return { status: 200, body: galleryOf(configuration()) }
    if (path.startsWith('/staff')) return { status: 200, body: { items: STAFF } }
    if (path === '/audit') return { status: 200, body: { items: LOG, next: null } }
    const [, sites, site, kind = '', id, act] = path.split('/').map(decodeURIComponent)
    if (sites !== 'sites' || site !== 'demo') return null
    if (kind === '') {
      const stored = api.things.get('site')
      if (method === 'GET') return { status: 200, body: stored }
      if (request.headers()['if-match'] !== `"${stored?.version}"`)
        return problem(412, 'It was changed since.', { current: stored })
      return { status: 200, body: put('site', body()) }
    }
    if (kind === 'configuration') return { status: 200, body: configuration() }
    if (kind === 'check') return checked()
    if (kind === 'publish') {
      await publish(configuration())
      current = history.length + 1
      history.push({
        seq: current,
        at: Date.now(),
        note: body().note ?? null,
        configuration: configuration(),
      })
      return { status: 201, body: { seq: current } }
    }
    if (kind === 'publications' && act === 'restore') {
      const found = history.find(({ seq }) => String(seq) === id)
      if (!found) return problem(404, 'There is nothing here by that name.')
      await publish(found.configuration)
      current = found.seq
      return { status: 200, body: {} }
    }
    if (kind === 'publications') {
      const items = history.map(({ seq, at, note }) => ({
        ...{ seq, at, note, by: 'maria@example.com', current: seq === current },
        hash: `5e1f${seq}c0de5e1fc0de`.padEnd(64, '0'),
      }))
      return { status: 200, body: { items: items.reverse(), next: null } }
    }
    if (kind === 'differences') {
      const [from, to] = [url.searchParams.get('from'), url.searchParams.get('to')]
      return {
        status: 200,
        body: { differences: differences(configurationOf(from), configurationOf(to)) },
      }
    }
    if (kind === 'scheduled' || kind === 'reviews')
      return { status: 200, body: { items: [], next: null } }
    if (kind === 'presence') return { status: 200, body: { others: [] } }
    if (kind === 'previews') {
      return {
        status: 201,
        body: { url: demo.url + body().path, expiresAt: Date.now() + 3_600_000 },
      }
    }
    if (kind === 'picks')
      return {
        status: 201,
        body: { url: `${demo.url}/picked-page`, expiresAt: Date.now() + 3_600_000 },
      }
    if (kind === 'audiences' && id === 'size')
      return { status: 200, body: { matched: 132, judged: 400, looked: 450 } }
    if (kind === 'audiences' && id === 'explain') return explained(body())
    if (KINDS.some((known) => known === kind)) {
      // Until the health of slots has moved, the figures' screen asks for it here.
      if (id === undefined && kind === 'slots' && !url.search) return null
      if (id !== undefined) return things(method, kind, id, route)
      const q = url.searchParams.get('q')?.toLowerCase() ?? ''
      const items = list(kind).filter(({ doc }) =>
        `${doc.id} ${doc.name}`.toLowerCase().includes(q),
      )
      return { status: 200, body: { items, next: null } }
    }
    return null
  }

  await page.route('**/_sv/api/v1/**', async (route) => {
    if (api.failing !== null && route.request().method() === 'PUT') {
      const { status, body } = problem(api.failing, 'Your session has ended.')
      return route.fulfill({ status, json: body })
    }
    const made = await answer(route)
    if (made === null) return route.continue()
    return made.body === undefined
      ? route.fulfill({ status: made.status })
      : route.fulfill({ status: made.status, json: made.body })
  })
  await page.route('**/picked-page', (route) =>
    route.fulfill({ contentType: 'text/html', body: PICKED_PAGE }),
  )
  return api
}

/** A page with a picker of three lines, as its message is all that the console knows of it. */
const PICKED_PAGE = `<!doctype html><html lang="en"><title>Lavmark</title><main><h1>Lavmark</h1>
<button id="pick">The promises</button></main><script>
document.getElementById('pick').onclick = () => parent.postMessage({ type: 'selvedge-pick',
selector: '#promises', tag: 'section', text: 'Free delivery', matches: 1,
alternatives: [{ selector: 'main section', matches: 3 }] }, '*')</script>`

function explained({
  condition,
  visitor,
}: {
  condition: Record<string, never>
  visitor: object
}): Answer {
  const subject = {
    signals: {
      device: Reflect.get(visitor, 'device') ?? '',
      country: Reflect.get(visitor, 'country') ?? '',
    },
    visitor,
    profile: {},
  }
  const clauses = Object.entries(condition).map(([path, test]) => ({
    sentence: clauseOf(path, test),
    matches: matches({ [path]: test }, subject),
    actual: path
      .split('.')
      .reduce<unknown>(
        (value, name) =>
          typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined,
        subject,
      ),
  }))
  const body = { matches: matches(condition, subject), sentence: sentenceOf(condition), clauses }
  return { status: 200, body }
}

const STAFF = [
  { subject: 'maria@example.com', role: 'owner', sites: null },
  { subject: 'jonas@example.com', role: 'editor', sites: ['demo'] },
]

const LOG = [
  {
    ...{
      seq: 2,
      at: Date.now() - 60_000,
      by: 'jonas@example.com',
      role: 'editor',
      action: 'update',
    },
    ...{ kind: 'variants', id: 'hero-b', summary: 'Variant “hero-b” changed' },
  },
  {
    ...{
      seq: 1,
      at: Date.now() - 86_400_000,
      by: 'maria@example.com',
      role: 'owner',
      action: 'publish',
    },
    ...{ kind: null, id: null, summary: 'Published “The shop as it was”' },
  },
]

function galleryOf({ modules, variants }: Configuration) {
  const entries = modules.slice(0, 6).flatMap((module) => {
    const content = variants.find((variant) => variant.module === module.id)?.content
    return content
      ? [
          {
            id: module.id,
            name: module.name || module.id,
            about: 'A block for any page.',
            module: { ...module, id: `g-${module.id}` },
            content,
          },
        ]
      : []
  })
  const choices = [
    { name: 'slot', label: 'Where it stands', kind: 'slot' },
    { name: 'title', label: 'Headline', kind: 'text', default: 'Still thinking about it?' },
  ]
  const recipes = [
    {
      id: 'abandoned-basket',
      name: 'Abandoned basket',
      about: 'Reminds people of what they left in their basket.',
      choices,
    },
    {
      id: 'welcome-back',
      name: 'Welcome back',
      about: 'Greets people who come back after two weeks.',
      choices,
    },
  ]
  return { modules: entries, recipes }
}
