import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApiClient, createApiClient, ownerToken } from '../../src/cli/api-client.ts'
import { type Client, createClient } from './client.ts'
import { compileWorker, WORKER } from './compile.ts'
import { type ScriptedOrigin, startScriptedOrigin } from './origin.ts'
import {
  createBuyer,
  createIssuer,
  createMember,
  type Issuer,
  type Person,
  STRANGER,
} from './people.ts'
import { createKeys, migrate, type RuntimeOptions, startRuntime } from './runtime.ts'
import { configurationOf } from './site.ts'

/** The real worker before the scripted origin, with a published site and people who know it. */
export interface Stage {
  readonly origin: ScriptedOrigin
  readonly issuer: Issuer
  /** Folder of the worker's database and objects. */
  readonly state: string
  /** Asks the worker for pages of the site. */
  readonly client: Client
  /** Asks the origin itself. */
  readonly direct: Client
  readonly api: ApiClient
  /** A token of the site's owner. */
  readonly token: string
  readonly people: readonly Person[]
  readonly port: number
  /** A second site, whose origin is one of its own: it may break without the first. */
  readonly second: { readonly origin: ScriptedOrigin; readonly client: Client }
  /** People whom no site has seen before. */
  readonly newcomers: readonly Person[]
  /** A client of another host at the same worker. */
  at(host: string): Client
  /** Waits until the worker has heard whose host a client asks for. */
  untilKnown(client: Client): Promise<void>
  /** Publishes one more site; its first page view finds nothing in memory. */
  publish(site: SiteAt): Promise<void>
  /** Resident memory of the worker's process in bytes. */
  memory(): number
  /** Ends the worker as a crash would. */
  kill(): Promise<void>
  /** Starts the worker again on what the last one left behind. */
  restart(): Promise<void>
  close(): Promise<void>
}

interface SiteAt {
  readonly id: string
  readonly hosts: readonly string[]
  /** The scripted origin unless it says otherwise. */
  readonly origin?: string
}

/** Starts the worker of an entry module, `src/index.ts` unless another is given. */
export async function openStage(entry: URL = WORKER): Promise<Stage> {
  const issuer = await createIssuer()
  const origin = await startScriptedOrigin(issuer.keys)
  const second = await startScriptedOrigin(issuer.keys)
  const worker = await openWorker(entry, origin.url)
  const publish = publisher(worker.api, origin.url)
  await publish({ id: 'faults', hosts: [`localhost:${worker.port}`] })
  await publish({ id: 'second', hosts: ['second.test'], origin: second.url })
  const clients: Client[] = []
  const at = (host: string, port = worker.port) => {
    const client = createClient(port, host)
    clients.push(client)
    return client
  }
  const client = at(`localhost:${worker.port}`)
  const other = at('second.test')
  for (const each of clients) await until(each, isPersonal)
  return {
    ...worker,
    ...(await createPeople(issuer, client)),
    origin,
    issuer,
    client,
    direct: at(`127.0.0.1:${origin.port}`, origin.port),
    second: { origin: second, client: other },
    at,
    publish,
    untilKnown: (client) => until(client, isKnown),
    async close() {
      for (const each of clients) each.close()
      await Promise.all([worker.close(), origin.close(), second.close()])
    },
  }
}

type WorkerParts = 'state' | 'port' | 'api' | 'token' | 'memory' | 'kill' | 'restart' | 'close'

/** The worker by itself, with an empty state of its own. */
async function openWorker(entry: URL, origin: string): Promise<Pick<Stage, WorkerParts>> {
  const state = mkdtempSync(join(tmpdir(), 'selvedge-faults-'))
  const [port, script] = await Promise.all([freePort(), compileWorker(entry)])
  const options: RuntimeOptions = { script, port, state, origin, keys: createKeys() }
  await migrate(options)
  let runtime = await startRuntime(options)
  const token = await ownerToken(options.keys, 'tests')
  return {
    state,
    port,
    token,
    api: createApiClient(`http://127.0.0.1:${port}`, token),
    memory: () => runtime.memory(),
    kill: () => runtime.kill(),
    async restart() {
      runtime = await startRuntime(options)
    },
    async close() {
      await runtime.stop()
      rmSync(state, { recursive: true, force: true })
    },
  }
}

function publisher(api: ApiClient, usual: string): Stage['publish'] {
  return async ({ id, hosts, origin = usual }) => {
    const jwks = `${usual}/jwks/${id}`
    await api.put(`/sites/${id}/configuration`, configurationOf({ id, hosts, origin, jwks }))
    await api.post(`/sites/${id}/publish`)
  }
}

async function createPeople(
  issuer: Issuer,
  client: Client,
): Promise<Pick<Stage, 'people' | 'newcomers'>> {
  const session = await issuer.token()
  return {
    people: [STRANGER, await createBuyer(client), await createMember(client, session)],
    newcomers: [
      STRANGER,
      { who: 'guest', headers: { cookie: 'consent=profile' } },
      { who: 'member', headers: { cookie: `consent=profile; session=${session}` } },
    ],
  }
}

const isPersonal = (timing: string) => timing.includes('"personal')
const isKnown = (timing: string) => !timing.includes('unknown_host')

/** Asks for a page until its `Server-Timing` is as wanted. */
async function until(client: Client, holds: (timing: string) => boolean): Promise<void> {
  let timing = ''
  for (let n = 0; n < 100; n++) {
    const { headers } = await client.ask({ path: '/p/small' })
    timing = headers.get('server-timing') ?? ''
    if (holds(timing)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`The worker never came to know a site; it last said “${timing}”.`)
}

/** A port nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
