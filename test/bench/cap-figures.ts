import { ConfigurationSchema } from '../../src/model/configuration.ts'
import { demoConfiguration } from '../../templates/demo-site/config.ts'
import { type Instance, startInstance } from '../flows/instance.ts'
import { type Figure, median, type Rounds, toFigure } from './figure.ts'

export const CAP_FIGURES = ['caps.people', 'caps.page']

const MOST = 1_000
const VISITORS = 3_200
const AT_ONCE = 64

/** Title of the hero that there are so many places for, and the one that everybody else gets. */
const SCARCE = 'A place for a thousand'

const BROWSER = {
  accept: 'text/html',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
}

/** The demo site on one host with a capped hero, and on another host with the same hero for everybody. */
async function publishBoth({ api, origin }: Instance): Promise<void> {
  const draft = ConfigurationSchema.parse(demoConfiguration({ origin }))
  const variants = draft.variants.map((one) =>
    one.id === 'hero-mended' ? { ...one, content: { ...one.content, title: SCARCE } } : one,
  )
  const fallback = { id: 'hero-rest', slot: 'hero', variants: [{ variant: 'hero-nights' }] }
  const hero = {
    id: 'hero-scarce',
    slot: 'hero',
    variants: [{ variant: 'hero-mended' }],
    priority: 9,
  }
  const kinds = { demo: { ...hero, cap: { people: MOST } }, plain: hero }
  const hosts = { demo: 'localhost', plain: '127.0.0.1' }
  for (const id of ['demo', 'plain'] as const) {
    const site = { ...draft.site, id, hosts: [hosts[id]], holdout: 0, consent: { default: 2 } }
    const others = draft.experiences.filter(({ slot }) => slot !== 'hero')
    const experiences = [kinds[id], fallback, ...others]
    await api.put(`/sites/${id}/configuration`, { ...draft, site, variants, experiences })
    await api.post(`/sites/${id}/publish`)
  }
}

interface Seen {
  readonly scarce: boolean
  readonly cookie: string
  /** Ms. */
  readonly took: number
}

async function look(url: string, cookie = ''): Promise<Seen> {
  const start = performance.now()
  const response = await fetch(url, { headers: { ...BROWSER, ...(cookie && { cookie }) } })
  const html = await response.text()
  const took = performance.now() - start
  if (response.status !== 200) throw new Error(`${response.status} from ${url}`)
  const set = response.headers.getSetCookie().map((one) => one.split(';')[0] ?? '')
  return { took, scarce: html.includes(SCARCE), cookie: set.join('; ') || cookie }
}

/** Does all of the work, so many at once. */
async function atOnce<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const one of left) await work(one)
    }),
  )
}

/** How many of many more people than there are places are shown what there are places for. */
async function peopleShown(url: string): Promise<number> {
  const cookies = new Map<number, string>()
  const shown = new Set<number>()
  const visitors = [...Array(VISITORS).keys()]
  for (let views = 0; views < 2; views++) {
    await atOnce(visitors, async (visitor) => {
      const { scarce, cookie } = await look(url, cookies.get(visitor))
      cookies.set(visitor, cookie)
      if (scarce) shown.add(visitor)
    })
  }
  return shown.size
}

/** First views of newcomers, one of each by turns, once the quota has places no more. */
async function pageTimes(capped: string, plain: string, rounds: number): Promise<Rounds> {
  const times: { ours: number[]; peer: number[] } = { ours: [], peer: [] }
  for (let round = 0; round < rounds; round++) {
    const [ours, peer]: [number[], number[]] = [[], []]
    for (let view = 0; view < 40; view++) {
      ours.push((await look(capped)).took)
      peer.push((await look(plain)).took)
    }
    times.ours.push(median(ours))
    times.peer.push(median(peer))
  }
  return times
}

/** Groups of people over HTTP, in the worker as it is deployed. */
export async function capFigures(names: readonly string[], rounds: number): Promise<Figure[]> {
  const instance = await startInstance()
  try {
    await publishBoth(instance)
    const { port } = new URL(instance.url)
    const [capped, plain] = [`http://localhost:${port}/`, `http://127.0.0.1:${port}/`]
    // An edge knows of a new host after some seconds.
    await new Promise((resolve) => setTimeout(resolve, 6_000))
    const shown = await peopleShown(capped)
    const people = toFigure(
      { ours: [shown], peer: [MOST] },
      {
        ...{ figure: 'caps.people', goal: { sign: '<=', bound: 1 }, unit: 'people' },
        note: `different people of ${VISITORS} who were shown a hero for ${MOST} people, two page views each, ${AT_ONCE} at once over HTTP`,
      },
    )
    const page = toFigure(await pageTimes(capped, plain, rounds), {
      ...{ figure: 'caps.page', goal: null, unit: 'ms a first page view' },
      note: 'a page whose hero is capped and full, against the same page without a cap',
    })
    return [people, page].filter(({ figure }) => names.includes(figure))
  } finally {
    await instance.close()
  }
}
