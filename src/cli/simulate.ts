import { parseArgs } from 'node:util'
import { deriveKeys } from '../keys.ts'
import { type Configuration, ConfigurationSchema } from '../model/configuration.ts'
import type { Figures } from '../model/figures.ts'
import { type ApiClient, createApiClient, ownerToken } from './api-client.ts'
import { createBar } from './progress.ts'
import { localKeys, STATE_FOLDER } from './secrets.ts'
import { drawTruth, type Truth } from './simulation/behaviour.ts'
import { fillMonth } from './simulation/fill-month.ts'
import { reportView, type View, versionIn, viewPage, type World } from './simulation/visitor.ts'

const HELP = `npm run simulate [-- --visitors N] [--days D] [--seed S] [--site ID] [--path P] [--url URL]

Sends N visitors (2000) to the worker that \`npm start\` runs. The seed decides who they are, what
they would like and what they do; the same seed on a fresh state (npm start -- --reset) gives the
same run, because visitors come in waves and each wave waits until what was learned is in use.

With --days every experience that has a goal gets N visitors (60000) of the last D days instead, brought
as its history: a month in seconds. Nothing may have been counted before.`

const { values } = parseArgs({
  options: {
    visitors: { type: 'string' },
    days: { type: 'string' },
    seed: { type: 'string', default: '1' },
    site: { type: 'string', default: 'demo' },
    path: { type: 'string', default: '/' },
    url: { type: 'string', default: 'http://localhost:8787' },
    help: { type: 'boolean', default: false },
  },
})

const MOST_VISITORS = 100_000
const AT_ONCE = 12
const FIRST_WAVE = 100
const WAVE_GROWTH = 1.5
const SETTLE_LIMIT_MS = 60_000

async function main(visitors: number): Promise<void> {
  const keys = localKeys(STATE_FOLDER)
  const api = createApiClient(values.url, await ownerToken(keys, 'simulation'))
  const draft = ConfigurationSchema.parse(await api.get(`/sites/${values.site}/configuration`))
  if (days > 0) return fillMonth(api, draft, { visitors, days, seed: values.seed })
  const ring = await deriveKeys(keys.split(','))
  const world: World = {
    url: values.url,
    site: values.site,
    path: values.path,
    seed: values.seed,
    shards: 16,
    ring: ring.cookie,
    truth: drawTruth(draft, values.seed),
  }
  const draw = createBar('Visitors', visitors)
  let sent = 0
  for (const wave of waves(visitors)) {
    const views = await pool(wave, (visitor) => viewPage(world, visitor))
    const before = await countDelivered(api)
    const accepted = await pool(views, async (view) => {
      const fresh = await reportView(world, view)
      sent += 1
      draw(sent)
      return fresh
    })
    if (accepted.every((fresh) => fresh === 0)) throw new Error(SEEN_BEFORE)
    await settle(world, api, draft, { views, before })
  }
  report(await readFigures(api), world.truth)
}

const SEEN_BEFORE =
  'These visitors were here before, so nothing was counted twice. Choose another --seed, or start afresh with npm start -- --reset.'

/** Visitor numbers in waves that grow as what is learned settles. */
function waves(visitors: number): number[][] {
  const all: number[][] = []
  let size = FIRST_WAVE
  for (let from = 0; from < visitors; from += all.at(-1)?.length ?? 1) {
    const length = Math.min(Math.round(size), visitors - from)
    all.push(Array.from({ length }, (_, place) => from + place))
    size *= WAVE_GROWTH
  }
  return all
}

/** Works through a list with a bounded number of requests under way; results keep the list's order. */
async function pool<T, R>(list: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async () => {
    for (let place = next++; place < list.length; place = next++) {
      const item = list[place]
      if (item !== undefined) results[place] = await work(item)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return results
}

interface Wave {
  readonly views: readonly View[]
  /** Deliveries on record before the wave. */
  readonly before: number
}

/** Waits until every delivery is in the figures, then until pages are made with what they taught. */
async function settle(
  world: World,
  api: ApiClient,
  { experiences }: Configuration,
  { views, before }: Wave,
): Promise<void> {
  const expected = before + views.reduce((sum, { stimuli }) => sum + stimuli.length, 0)
  await until('the figures', async () => (await countDelivered(api)) >= expected)
  for (const { id } of experiences.filter(({ id }) => world.truth.has(id))) {
    const path = `/sites/${world.site}/experiences/${id}/learn`
    const { version } = Object(await api.post(path))
    await until('the new weights', async () => {
      const probe = await viewPage(world, MOST_VISITORS)
      return (versionIn(probe.token, id) ?? version) >= version
    })
  }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const start = performance.now()
  while (!(await holds())) {
    if (performance.now() - start > SETTLE_LIMIT_MS) throw new Error(`Waited in vain for ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

async function readFigures(api: ApiClient): Promise<Figures> {
  // Our own API's answer: its shape is the model's.
  return (await api.get(`/sites/${values.site}/figures`)) as Figures
}

async function countDelivered(api: ApiClient): Promise<number> {
  const { experiences } = await readFigures(api)
  return experiences
    .flatMap(({ arms }) => arms)
    .reduce((sum, { counts }) => sum + counts.delivered, 0)
}

const percent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1 })

function report({ experiences }: Figures, truth: Truth): void {
  for (const { id, name, arms, rung } of experiences) {
    const rates = truth.get(id)?.rates
    if (!rates) continue
    console.log(`\n${name}`)
    console.table(
      arms.map(({ arm, share, counts }) => ({
        variant: arm,
        'true rate': percent.format(rates.get(arm) ?? 0),
        measured: counts[rung] > 0 ? percent.format(counts.rewarded / counts[rung]) : '–',
        exposures: counts[rung],
        rewards: counts.rewarded,
        'share of traffic': percent.format(share / 10_000),
      })),
    )
  }
  console.log(`See it in the console: ${values.url}/_sv/console/`)
}

const days = Number(values.days ?? 0)
const visitors = Number(values.visitors ?? (days > 0 ? 60_000 : 2_000))
const [mostVisitors, mostDays] = [days > 0 ? 1_000_000 : MOST_VISITORS, 100]
const isWithin = (value: number, least: number, most: number) =>
  Number.isInteger(value) && value >= least && value <= most
if (values.help || !isWithin(visitors, 1, mostVisitors) || !isWithin(days, 0, mostDays)) {
  console.error(HELP)
  process.exit(values.help ? 0 : 2)
}
await main(visitors).catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : error}`)
  process.exit(1)
})
