import { readdir, readFile } from 'node:fs/promises'
import { deriveKeys } from '../../../src/keys.ts'
import { signStaffToken } from '../../../src/staff/token.ts'
import { ask, type Content, type Target } from '../ask.ts'
import { worker } from './bundle.ts'
import { type Contestant, HOST, type Running } from './contestant.ts'
import { DEPLOYED, LIMITS, ROOT } from './deployed.ts'
import { shopConfiguration } from './shop-configuration.ts'

const ENTRY = new URL('src/index.ts', ROOT)
const KEY = 'bench:q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k'
const BINDINGS = { SELVEDGE_KEYS: KEY, PRIVATE_ORIGINS: 'yes' }
const API = '/_sv/api/v1/sites/shop'
const TOKEN_SECONDS = 600

/** The first view gives an id, the second reads the profile into the cookie; from then on it is known. */
const FIRST_VIEWS = 2

/** What Selvedge stands in front of. */
interface Site {
  /** The contestant's. */
  readonly name: string
  /** As its editors would configure it, given the origin's base URL. */
  readonly configuration: (origin: string) => object
  /** A page with slots, where the visitor goes first. */
  readonly path: string
}

/** Selvedge itself with the bindings of `wrangler.toml`, but for the console's assets. */
export function createSelvedge(site: Site): Contestant {
  return {
    name: site.name,
    async worker() {
      const { vars, durable_objects, exports, d1_databases } = DEPLOYED
      const objects = durable_objects.bindings.map(({ name, class_name }) => {
        const useSQLite = exports[class_name]?.storage === 'sqlite'
        return [name, { className: class_name, useSQLite }] as const
      })
      return {
        ...(await worker(site.name, ENTRY, { ...vars, ...BINDINGS })),
        durableObjects: Object.fromEntries(objects),
        d1Databases: d1_databases.map(({ binding }) => binding),
        ratelimits: LIMITS,
      }
    },
    /** Creates the tables, publishes the site, and goes there until the visitor is known. */
    async prepare(running) {
      await migrate(running, site)
      await publish(running, site)
      return { Cookie: await becomeKnown(running, site) }
    },
  }
}

/** In front of the shop. */
export const selvedge = createSelvedge({
  name: 'selvedge',
  configuration: shopConfiguration,
  path: '/',
})

type Database = Awaited<ReturnType<Running['miniflare']['getD1Database']>>

async function migrate({ miniflare }: Running, { name }: Site): Promise<void> {
  const database: Database = await miniflare.getD1Database('DB', name)
  const directory = new URL('migrations/', ROOT)
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort()
  for (const file of files) {
    const sql = await readFile(new URL(file, directory), 'utf8')
    const statements = sql.split('--> statement-breakpoint')
    await database.batch(statements.map((statement) => database.prepare(statement)))
  }
}

/** Through the editors' own door. */
async function publish({ address, origin }: Running, { configuration }: Site): Promise<void> {
  const { staff } = await deriveKeys([KEY])
  const bench = { subject: 'bench', role: 'owner' } as const
  const token = await signStaffToken(bench, TOKEN_SECONDS, staff, Date.now())
  const headers = { Host: HOST, Authorization: `Bearer ${token}` }
  const call = (path: string, content: Content) => succeed({ address, path, headers }, content)
  await call(`${API}/configuration`, { method: 'PUT', json: configuration(origin) })
  await call(`${API}/publish`, { method: 'POST' })
}

/** The visitor's cookies after the first views, as a browser would send them. */
async function becomeKnown({ address, browser }: Running, { path }: Site): Promise<string> {
  const jar = new Map<string, string>()
  const toHeader = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  for (let view = 0; view < FIRST_VIEWS; view++) {
    const headers = { ...browser, Cookie: toHeader() }
    const { headers: answer } = await succeed({ address, path, headers }, { method: 'GET' })
    for (const cookie of answer['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      jar.set(name, value)
    }
  }
  return toHeader()
}

async function succeed(target: Target, content: Content): Promise<Awaited<ReturnType<typeof ask>>> {
  const answer = await ask(target, content)
  if (answer.status < 300) return answer
  throw new Error(`${content.method} ${target.path} gave ${answer.status}: ${answer.body}`)
}
