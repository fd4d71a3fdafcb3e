import { readdir, readFile } from 'node:fs/promises'
import { deriveKeys } from '../../../src/keys.ts'
import { signStaffToken } from '../../../src/staff/token.ts'
import { ask, type Content, type Target } from '../ask.ts'
import { worker } from './bundle.ts'
import { type Contestant, HOST, type Running } from './contestant.ts'
import { DEPLOYED, ROOT } from './deployed.ts'
import { shopConfiguration } from './shop-configuration.ts'

const NAME = 'selvedge'
const KEY = 'bench:q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k'
const BINDINGS = { SELVEDGE_KEYS: KEY, PRIVATE_ORIGINS: 'yes' }
const API = '/_sv/api/v1/sites/shop'
const TOKEN_SECONDS = 600

/** The first view gives an id, the second reads the profile into the cookie; from then on it is known. */
const FIRST_VIEWS = 2

/** Selvedge itself with the bindings of `wrangler.toml`, but for the console's assets. */
export const selvedge: Contestant = {
  name: NAME,
  async worker() {
    const { vars, durable_objects, exports, d1_databases } = DEPLOYED
    const objects = durable_objects.bindings.map(({ name, class_name }) => {
      const useSQLite = exports[class_name]?.storage === 'sqlite'
      return [name, { className: class_name, useSQLite }] as const
    })
    return {
      ...(await worker(NAME, new URL('src/index.ts', ROOT), { ...vars, ...BINDINGS })),
      durableObjects: Object.fromEntries(objects),
      d1Databases: d1_databases.map(({ binding }) => binding),
    }
  },
  prepare: startSelvedge,
}

/** Creates the tables, publishes the shop, and goes there until the visitor is known. */
async function startSelvedge(running: Running): Promise<{ Cookie: string }> {
  await migrate(running)
  await publish(running)
  return { Cookie: await becomeKnown(running) }
}

type Database = Awaited<ReturnType<Running['miniflare']['getD1Database']>>

async function migrate({ miniflare }: Running): Promise<void> {
  const database: Database = await miniflare.getD1Database('DB', NAME)
  const directory = new URL('migrations/', ROOT)
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort()
  for (const file of files) {
    const sql = await readFile(new URL(file, directory), 'utf8')
    const statements = sql.split('--> statement-breakpoint')
    await database.batch(statements.map((statement) => database.prepare(statement)))
  }
}

/** Through the editors' own door. */
async function publish({ address, origin }: Running): Promise<void> {
  const { staff } = await deriveKeys([KEY])
  const bench = { subject: 'bench', role: 'owner' } as const
  const token = await signStaffToken(bench, TOKEN_SECONDS, staff, Date.now())
  const headers = { Host: HOST, Authorization: `Bearer ${token}` }
  const call = (path: string, content: Content) => succeed({ address, path, headers }, content)
  await call(`${API}/configuration`, { method: 'PUT', json: shopConfiguration(origin) })
  await call(`${API}/publish`, { method: 'POST' })
}

/** The visitor's cookies after the first views, as a browser would send them. */
async function becomeKnown({ address, browser }: Running): Promise<string> {
  const jar = new Map<string, string>()
  const toHeader = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  for (let view = 0; view < FIRST_VIEWS; view++) {
    const headers = { ...browser, Cookie: toHeader() }
    const { headers: answer } = await succeed({ address, path: '/', headers }, { method: 'GET' })
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
