import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { localKeys, STATE_FOLDER } from './secrets.ts'

interface WorkerOptions {
  readonly port: number
  /** Folder of this run's database and objects. */
  readonly state: string
  /** Where requests go whose site cannot be read. */
  readonly origin: string
}

export interface LocalWorker {
  readonly url: string
  readonly keys: string
  /** Ends when the worker does. */
  readonly ended: Promise<number>
  stop(): void
}

/** Variables that only make sense on one's own machine. */
const LOCAL_VARS = ['PRIVATE_ORIGINS:yes', 'SIGNAL_OVERRIDES:yes']

/** Runs a project's command to its end; rejects with what it printed when it fails. */
export function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { env: quietEnv(), stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => said.push(String(chunk)))
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${command} ${args[0]} ended with ${code}:\n${said.join('')}`))
    })
  })
}

/** Brings the local database up to date. */
export function migrate(state: string): Promise<void> {
  const args = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', state]
  return run('wrangler', args)
}

/** Starts the worker under wrangler and waits until it is healthy. */
export async function startWorker({ port, state, origin }: WorkerOptions): Promise<LocalWorker> {
  const keys = localKeys(STATE_FOLDER)
  mkdirSync(state, { recursive: true })
  const secrets = join(state, 'secrets.env')
  writeFileSync(secrets, `SELVEDGE_KEYS=${keys}\n`, { mode: 0o600 })
  const vars = [...LOCAL_VARS, `DEFAULT_ORIGIN:${origin}`].flatMap((pair) => ['--var', pair])
  const args = [
    ...['dev', '--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'],
    ...['--persist-to', state, '--env-file', secrets, '--show-interactive-dev-session=false'],
    ...['--log-level', 'warn', ...vars],
  ]
  const child = spawn('wrangler', args, { env: quietEnv(), stdio: ['ignore', 'pipe', 'pipe'] })
  const url = `http://localhost:${port}`
  const ended = new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
  const said = forward(child)
  const failed = ended.then((code) => {
    throw new Error(`The worker ended with ${code}:\n${said.join('')}`)
  })
  await Promise.race([untilHealthy(url), failed])
  failed.catch(() => undefined)
  return { url, keys, ended, stop: () => void child.kill('SIGTERM') }
}

/** Keeps the first output for an error message, and shows all of it. */
function forward(child: ChildProcess): string[] {
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      if (said.length < 200) said.push(String(chunk))
      process.stderr.write(chunk)
    })
  }
  return said
}

const START_LIMIT_MS = 90_000

async function untilHealthy(url: string): Promise<void> {
  const start = performance.now()
  while (performance.now() - start < START_LIMIT_MS) {
    const health = await fetch(`${url}/_sv/health`).catch(() => undefined)
    if (health?.ok) return
    await health?.body?.cancel()
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  throw new Error(`The worker was not healthy within ${START_LIMIT_MS / 1000} s.`)
}

/** No questions, no telemetry, no update notices. */
function quietEnv(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CI: '1',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    FORCE_COLOR: '0',
  }
}
