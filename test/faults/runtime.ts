import { execFileSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { newKey } from '../../src/cli/secrets.ts'
import { DEPLOYED, LIMITS, ROOT } from '../bench/contestants/deployed.ts'

/**
 * The worker in a workerd of its own, on a socket of its own. `wrangler dev` will not do here: its
 * proxy puts every HTML response through an HTMLRewriter, so that pages in unusual charsets are
 * answered 500 and ambiguous markup is cut off whatever the worker did.
 */
export interface Runtime {
  /** Resident memory of workerd in bytes. */
  memory(): number
  /** Ends workerd without a chance to tidy up. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export interface RuntimeOptions {
  readonly script: string
  readonly port: number
  /** Folder of the database, objects and cache. */
  readonly state: string
  /** Where requests go whose site cannot be read. */
  readonly origin: string
  readonly keys: string
}

export function createKeys(): string {
  return newKey('faults')
}

/** Shorter than in life, so that a run need not wait as long. */
export const ORIGIN_TIMEOUT_MS = 2_000

const NAME = 'selvedge'

export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const before = new Set(ownRuntimes())
  const miniflare = new Miniflare(toMiniflare(options))
  await miniflare.ready
  const pids = ownRuntimes().filter((pid) => !before.has(pid))
  return {
    memory: () => memoryOf(pids),
    async kill() {
      for (const pid of pids) process.kill(pid, 'SIGKILL')
      await miniflare.dispose().catch(() => undefined)
    },
    stop: () => miniflare.dispose(),
  }
}

function toMiniflare({ script, port, state, origin, keys }: RuntimeOptions) {
  const { vars, durable_objects, exports, d1_databases, compatibility_date } = DEPLOYED
  const local = {
    PRIVATE_ORIGINS: 'yes',
    ORIGIN_TIMEOUT_MS: String(ORIGIN_TIMEOUT_MS),
    DEFAULT_ORIGIN: origin,
    SELVEDGE_KEYS: keys,
  }
  const objects = durable_objects.bindings.map(({ name, class_name }) => {
    const useSQLite = exports[class_name]?.storage === 'sqlite'
    return [name, { className: class_name, useSQLite }] as const
  })
  return convertV4MiniflareOptions({
    workers: [
      {
        name: NAME,
        modules: true,
        script,
        compatibilityDate: compatibility_date,
        bindings: { ...vars, ...local },
        durableObjects: Object.fromEntries(objects),
        d1Databases: d1_databases.map(({ binding }) => binding),
        ratelimits: LIMITS,
        unsafeDirectSockets: [{ host: '127.0.0.1', port }],
      },
    ],
    resourcePersistencePath: state,
    cf: false,
    logRequests: false,
    log: new Log(LogLevel.NONE),
    // What goes wrong on purpose is not worth a line each.
    handleStructuredLogs: () => undefined,
    handleUncaughtError: () => undefined,
  })
}

/** Creates the tables, on a runtime's own database. */
export async function migrate(options: RuntimeOptions): Promise<void> {
  const miniflare = new Miniflare(toMiniflare(options))
  const database = await miniflare.getD1Database('DB', NAME)
  const directory = new URL('migrations/', ROOT)
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort()
  for (const file of files) {
    const sql = await readFile(new URL(file, directory), 'utf8')
    const statements = sql.split('--> statement-breakpoint')
    await database.batch(statements.map((statement) => database.prepare(statement)))
  }
  await miniflare.dispose()
}

/** Processes of workerd that this process started. */
function ownRuntimes(): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, name]) => Number(parent) === process.pid && name?.includes('workerd'))
    .map(([pid]) => Number(pid))
}

function memoryOf(pids: readonly number[]): number {
  const said = execFileSync('ps', ['-o', 'rss=', '-p', pids.join(',')], { encoding: 'utf8' })
  const kilobytes = said.trim().split(/\s+/).map(Number)
  return kilobytes.reduce((sum, each) => sum + each, 0) * 1_024
}
