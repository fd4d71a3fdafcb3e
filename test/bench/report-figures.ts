import { readdirSync, readFileSync } from 'node:fs'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { COUNTERS } from '../../src/model/learning.ts'
import { localDays } from '../../src/reports/days.ts'
import { type Figure, type Goal, toFigure } from './figure.ts'

const EXPERIENCES = 1_000
const DAYS = 90
const ARMS = ['calm', 'loud']
/** Versions of the weights that a month or two make. */
const VERSIONS = 20
const NOW = Date.UTC(2026, 10, 27, 12)

interface Measured {
  readonly ms: number
  /** Rows that D1 says it read. */
  readonly rows: number
}

/** One claim: what is read of a site of a thousand experiences, beside one of a single one. */
interface Claim {
  readonly figure: string
  readonly read: (env: ReportEnv, queries: Queries) => Promise<unknown>
  readonly of: (measured: Measured) => number
  readonly goal: Goal
  readonly unit: string
  readonly note: string
}

/** The queries as the worker makes them; their types are of its platform, which Node does not have. */
interface Queries {
  readonly readReport: (
    env: ReportEnv,
    site: string,
    experience: { readonly id: string },
    asOf: { readonly days: ReturnType<typeof localDays> },
  ) => Promise<unknown>
  readonly readSiteReport: (env: ReportEnv, site: string, now: number) => Promise<unknown>
}

async function load(): Promise<Queries> {
  const [one, all] = ['report.ts', 'site-report.ts'].map((file) =>
    String(new URL(`../../src/db/${file}`, import.meta.url)),
  )
  return { ...(await import(one ?? '')), ...(await import(all ?? '')) }
}

type Database = Awaited<ReturnType<Miniflare['getD1Database']>>
type Statement = ReturnType<Database['prepare']>

interface ReportEnv {
  readonly DB: Database
  /** A board that has nothing to say: reports ask it for one thing only. */
  readonly BOARD: { readonly getByName: () => { readonly read: () => Promise<undefined> } }
}

const report = (env: ReportEnv, { readReport }: Queries) =>
  readReport(env, 'site', { id: 'e0500' }, { days: localDays(NOW, DAYS, 'Europe/Rome') })
const overview = (env: ReportEnv, { readSiteReport }: Queries) => readSiteReport(env, 'site', NOW)

const AMONG = `one report of ${DAYS} days on a site of ${EXPERIENCES} experiences, against a site that has no other`
const ALL = `the overview of ${EXPERIENCES} experiences with ${DAYS} days behind them, against that of one, a ${EXPERIENCES}th of the peer each`

const CLAIMS: readonly Claim[] = [
  {
    ...{ figure: 'reports.rows', read: report, of: ({ rows }) => rows, unit: 'rows read' },
    ...{ goal: { sign: '<=', bound: 1 }, note: AMONG },
  },
  {
    ...{ figure: 'reports.time', read: report, of: ({ ms }) => ms, unit: 'ms' },
    ...{ goal: { sign: '<=', bound: 1.5 }, note: AMONG },
  },
  {
    ...{ figure: 'reports.overview-rows', read: overview, unit: 'rows read, of one each' },
    ...{ of: ({ rows }) => rows / EXPERIENCES, goal: { sign: '<=', bound: 1.1 }, note: ALL },
  },
  {
    ...{ figure: 'reports.overview-time', read: overview, unit: 'ms, of one each' },
    ...{ of: ({ ms }) => ms / EXPERIENCES, goal: { sign: '<=', bound: 1 }, note: ALL },
  },
]

/** The names of the figures that `reportFigures` measures. */
export const REPORT_FIGURES = CLAIMS.map(({ figure }) => figure)

/** What reports read of a real D1, as a site grows. */
export async function reportFigures(names: readonly string[], rounds: number): Promise<Figure[]> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...{ modules: true, script: 'export default {}', d1Databases: ['MANY', 'ONE'] },
      log: new Log(LogLevel.NONE),
    }),
  )
  try {
    const [many, one] = [
      await fill(miniflare, 'MANY', EXPERIENCES),
      await fill(miniflare, 'ONE', 1),
    ]
    const figures: Figure[] = []
    for (const claim of CLAIMS.filter(({ figure }) => names.includes(figure))) {
      figures.push(await measure(claim, many, one, rounds))
    }
    return figures
  } finally {
    await miniflare.dispose()
  }
}

async function measure(claim: Claim, many: Database, one: Database, rounds: number) {
  const { figure, read, of, goal, unit, note } = claim
  const results: { ours: number[]; peer: number[] } = { ours: [], peer: [] }
  const isAll = read === overview
  for (let round = -1; round < rounds; round++) {
    const ours = of(await timed(many, read))
    const alone = await timed(one, read)
    // The overview of one is a thousand times the peer's share; a report stands for itself.
    const peer = isAll
      ? of({ ms: alone.ms * EXPERIENCES, rows: alone.rows * EXPERIENCES })
      : of(alone)
    if (round < 0) continue
    results.ours.push(ours)
    results.peer.push(peer)
  }
  return toFigure(results, { figure, goal, unit, note })
}

async function timed(db: Database, read: Claim['read']): Promise<Measured> {
  const counter = { rows: 0 }
  const queries = await load()
  await read(envOf(counted(db, counter)), queries)
  const start = performance.now()
  await read(envOf(db), queries)
  return { ms: performance.now() - start, rows: counter.rows }
}

function envOf(DB: Database): ReportEnv {
  return { DB, BOARD: { getByName: () => ({ read: async () => undefined }) } }
}

/** A database that tells how many rows its statements read. */
function counted(db: Database, counter: { rows: number }): Database {
  const wrap = (statement: Statement): Statement =>
    new Proxy(statement, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => wrap(target.bind(...values))
        const all = async () => {
          const result = await target.all()
          counter.rows += result.meta.rows_read
          return result
        }
        if (name === 'all') return all
        if (name === 'raw')
          return async () => (await all()).results.map((row) => Object.values(row))
        return Reflect.get(target, name)
      },
    })
  return new Proxy(db, {
    get: (target, name) =>
      name === 'prepare'
        ? (query: string) => wrap(target.prepare(query))
        : Reflect.get(target, name),
  })
}

const MIGRATIONS = new URL('../../migrations/', import.meta.url)

async function fill(miniflare: Miniflare, name: string, experiences: number): Promise<Database> {
  const db = await miniflare.getD1Database(name)
  for (const file of readdirSync(MIGRATIONS)
    .filter((one) => one.endsWith('.sql'))
    .sort()) {
    const statements = readFileSync(new URL(file, MIGRATIONS), 'utf8').split(
      '--> statement-breakpoint',
    )
    for (const statement of statements) await db.prepare(statement).run()
  }
  const places = Array.from({ length: experiences }, (_, place) =>
    idOf(place + (experiences === 1 ? 500 : 0)),
  )
  for (const experience of places) await db.batch(statementsOf(db, experience))
  return db
}

const idOf = (place: number) => `e${String(place).padStart(4, '0')}`

/** Ninety days by the hour, two arms, and the totals of twenty versions: all in the database's own words. */
function statementsOf(db: Database, experience: string): Statement[] {
  const last = Math.floor(NOW / 3_600_000)
  const [columns, ones] = [COUNTERS.join(', '), COUNTERS.map(() => '1').join(', ')]
  const arms = ARMS.map((arm) => `('${arm}')`).join(', ')
  const upTo = (from: number, until: number) =>
    `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${until}),
     arm(name) AS (VALUES ${arms})`
  const shares = JSON.stringify({ '': Object.fromEntries(ARMS.map((arm) => [arm, 5000])) })
  return [
    db
      .prepare(
        `INSERT INTO rollup (site, experience, variant, segment, hour, ${columns})
         ${upTo(last - 24 * DAYS + 1, last)} SELECT 'site', ?, arm.name, '', i, ${ones} FROM n, arm`,
      )
      .bind(experience),
    db
      .prepare(
        `INSERT INTO arm_total (site, experience, version, segment, variant, ${columns})
         ${upTo(1, VERSIONS)} SELECT 'site', ?, i, '', arm.name, ${ones} FROM n, arm`,
      )
      .bind(experience),
    db
      .prepare(
        `INSERT INTO weights_version (site, experience, version, at, shares)
         ${upTo(1, VERSIONS)} SELECT 'site', ?, i, i, ? FROM n`,
      )
      .bind(experience, shares),
  ]
}
