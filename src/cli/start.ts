import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { demoConfiguration } from '../../templates/demo-site/config.ts'
import { startOrigin } from '../../templates/demo-site/origin.ts'
import { ConfigurationSchema } from '../model/configuration.ts'
import { type ApiClient, createApiClient, ownerToken } from './api-client.ts'
import { step } from './progress.ts'
import { STATE_FOLDER } from './secrets.ts'
import { migrate, run, startWorker } from './worker.ts'

const HELP = `npm start [-- --port N] [--origin URL] [--reset]

Runs the demo site with Selvedge in front of it, or Selvedge in front of any site at URL.
--reset forgets what earlier runs of the same site left behind.`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8787' },
    origin: { type: 'string' },
    reset: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const port = Number(values.port)
if (values.help || !Number.isInteger(port) || (values.origin && !URL.canParse(values.origin))) {
  console.error(HELP)
  process.exit(values.help ? 0 : 2)
}

async function main(port: number, given: string | undefined): Promise<void> {
  await freePort(port)
  const name = given ? new URL(given).host.replaceAll(':', '-') : 'demo'
  const state = join(STATE_FOLDER, name)
  if (values.reset) rmSync(state, { recursive: true, force: true })
  await step('Build the beacon and the console', () => run('node', ['src/cli/build.ts']))
  await step('Prepare the database', () => migrate(state))
  const demo = given ? undefined : await startOrigin(port + 1, { stateDir: STATE_FOLDER })
  const origin = given ? new URL(given).origin : (demo?.url ?? '')
  const worker = await step('Start the worker', () => startWorker({ port, state, origin }))
  process.on('SIGINT', worker.stop)
  process.on('SIGTERM', worker.stop)
  const token = await ownerToken(worker.keys, 'local')
  const site = given ? 'site' : 'demo'
  await step('Publish the configuration', () =>
    publish(
      createApiClient(worker.url, token),
      site,
      (demo ? demoDraft : plainDraft)(origin, port),
    ),
  )
  announce(worker.url, token, origin, demo !== undefined)
  const code = await worker.ended
  await demo?.close()
  process.exit(code)
}

/** Publishes what is drafted; a site that was never drafted starts from `first`. */
async function publish(api: ApiClient, site: string, first: unknown): Promise<void> {
  const known = await api.find(`/sites/${site}/configuration`)
  const fresh = ConfigurationSchema.parse(first)
  const drafted = known === undefined ? fresh : ConfigurationSchema.parse(known.body)
  // The origin may have moved to another port; everything else stays as editors left it.
  const { origin, hosts, jwt } = fresh.site
  const draft = { ...drafted, site: { ...drafted.site, origin, hosts, ...(jwt && { jwt }) } }
  await api.put(`/sites/${site}/configuration`, draft)
  await api.post(`/sites/${site}/publish`)
}

function demoDraft(origin: string): unknown {
  return demoConfiguration({ origin })
}

/** In front of somebody's own site: nothing is changed until slots and experiences are configured. */
function plainDraft(origin: string, port: number): unknown {
  const hosts = [`localhost:${port}`, `127.0.0.1:${port}`]
  return { site: { id: 'site', name: new URL(origin).host, hosts, origin } }
}

function announce(url: string, token: string, origin: string, demo: boolean): void {
  console.log(`
  ${demo ? 'Demo site, personalised' : `${origin}, with Selvedge in front`}
    ${url}/

  Sign in to the console (valid for 12 hours)
    ${url}/_sv/console/#token=${token}
${demo ? DEMO_HINTS.replaceAll('URL', url) : ''}
  Ctrl+C ends it.
`)
}

const DEMO_HINTS = `
  Look at it as somebody else
    from a campaign   URL/?utm_source=newsletter&utm_campaign=storm-week
    from abroad       URL/?sv-country=DE
    on a phone        URL/?sv-device=phone
    signed in         URL/sign-in   (allow cookies in the banner first)
`

/** Says which port is taken instead of failing somewhere inside the runtime. */
function freePort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', () =>
      reject(new Error(`Port ${port} is taken; choose another: npm start -- --port 8800`)),
    )
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}

await main(port, values.origin).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
