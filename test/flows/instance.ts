import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApiClient, createApiClient, ownerToken } from '../../src/cli/api-client.ts'
import { migrate, startWorker } from '../../src/cli/worker.ts'
import { ConfigurationSchema } from '../../src/model/configuration.ts'
import { demoConfiguration } from '../../templates/demo-site/config.ts'
import { startOrigin } from '../../templates/demo-site/origin.ts'

/** The demo site with the real worker in front of it, as `npm start` runs them. */
export interface Instance {
  /** Address of the worker. */
  readonly url: string
  /** Address of the shop itself. */
  readonly origin: string
  /** Folder of its database and objects. */
  readonly state: string
  /** Secret of the worker. */
  readonly keys: string
  readonly api: ApiClient
  close(): Promise<void>
}

export async function startInstance(): Promise<Instance> {
  const state = mkdtempSync(join(tmpdir(), 'selvedge-'))
  const shop = await startOrigin(0, { stateDir: state })
  await migrate(state)
  const worker = await startOnFreePort({ state, origin: shop.url })
  const api = createApiClient(worker.url, await ownerToken(worker.keys, 'tests'))
  await api.put('/sites/demo/configuration', configurationFor(shop.url))
  await api.post('/sites/demo/publish')
  return {
    url: worker.url,
    origin: shop.url,
    state,
    keys: worker.keys,
    api,
    async close() {
      worker.stop()
      await Promise.all([worker.ended, shop.close()])
      rmSync(state, { recursive: true, force: true })
    },
  }
}

/** The demo's own, less the holdout: one visitor in twenty would be left alone, and a test with them. */
function configurationFor(origin: string): unknown {
  const draft = ConfigurationSchema.parse(demoConfiguration({ origin }))
  return { ...draft, site: { ...draft.site, holdout: 0 } }
}

/** Somebody else may have taken the port meanwhile: then another one is found. */
async function startOnFreePort(
  options: Omit<Parameters<typeof startWorker>[0], 'port'>,
  tries = 3,
): Promise<Awaited<ReturnType<typeof startWorker>>> {
  try {
    return await startWorker({ ...options, port: await freePort() })
  } catch (error) {
    if (tries > 1 && /Address already in use/.test(String(error))) {
      return startOnFreePort(options, tries - 1)
    }
    throw error
  }
}

/** A port nobody listens on; between asking and using it somebody might. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Asks again until it holds; the reason it never did is the error. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
  limitMs = 20_000,
): Promise<T> {
  const start = performance.now()
  for (;;) {
    const seen = await look()
    if (holds(seen)) return seen
    if (performance.now() - start > limitMs) {
      throw new Error(`${what} never came; last seen: ${JSON.stringify(seen)?.slice(0, 2000)}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
