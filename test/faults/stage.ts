import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApiClient, createApiClient, ownerToken } from '../../src/cli/api-client.ts'
import { type Client, createClient } from './client.ts'
import { type ScriptedOrigin, startScriptedOrigin } from './origin.ts'
import {
  createBuyer,
  createIssuer,
  createMember,
  type Issuer,
  type Person,
  STRANGER,
} from './people.ts'
import {
  compileWorker,
  createKeys,
  migrate,
  type RuntimeOptions,
  startRuntime,
  WORKER,
} from './runtime.ts'
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
  readonly people: readonly Person[]
  readonly port: number
  /** A client of another host at the same worker. */
  at(host: string): Client
  /** Publishes one more site; its first page view finds nothing in memory. */
  publish(site: SiteAt): Promise<void>
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
  const state = mkdtempSync(join(tmpdir(), 'selvedge-faults-'))
  const port = await freePort()
  const script = await compileWorker(entry)
  const options: RuntimeOptions = { script, port, state, origin: origin.url, keys: createKeys() }
  await migrate(options)
  let runtime = await startRuntime(options)
  const api = createApiClient(
    `http://127.0.0.1:${port}`,
    await ownerToken(options.keys, 'tests'),
  )
  const publish = async ({ id, hosts, origin: other = origin.url }: SiteAt) => {
    const jwks = `${origin.url}/jwks/${id}`
    const configuration = configurationOf({ id, hosts, origin: other, jwks })
    await api.put(`/sites/${id}/configuration`, configuration)
    await api.post(`/sites/${id}/publish`)
  }
  await publish({ id: 'faults', hosts: [`localhost:${port}`] })
  const client = createClient(port)
  const direct = createClient(origin.port)
  const clients = [client, direct]
  await untilPersonal(client)
  const token = await issuer.token()
  return {
    origin,
    issuer,
    state,
    client,
    direct,
    api,
    port,
    people: [STRANGER, await createBuyer(client), await createMember(client, token)],
    at(host) {
      const other = createClient(port, host)
      clients.push(other)
      return other
    },
    publish,
    kill: () => runtime.kill(),
    async restart() {
      runtime = await startRuntime(options)
    },
    async close() {
      for (const each of clients) each.close()
      await Promise.all([runtime.stop(), origin.close()])
      rmSync(state, { recursive: true, force: true })
    },
  }
}

/** Waits until the isolate has heard of the site. */
async function untilPersonal(client: Client): Promise<void> {
  for (let n = 0; n < 50; n++) {
    const { headers } = await client.ask({ path: '/p/small' })
    if (headers.get('server-timing')?.includes('personal')) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('The site never became personal.')
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
