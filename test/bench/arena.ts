import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  type V4WorkerOptions,
} from 'miniflare'
import type { Target } from './ask.ts'
import { type Contestant, HOST, type Running } from './contestants/contestant.ts'

/** What Chromium sends for a page, so that nobody parses a shorter request than in life. */
const BROWSER_HEADERS = {
  Host: HOST,
  'User-Agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Accept-Language': 'en-GB,en;q=0.9,sv;q=0.8',
  'Accept-Encoding': 'gzip, deflate, br',
  'Sec-Fetch-Dest': 'document',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-Site': 'none',
}

/** All contestants in one workerd process, before one origin in another. */
export interface Arena {
  /** Contestant's name → where it answers, without a path. */
  readonly targets: ReadonlyMap<string, Omit<Target, 'path'>>
  /** The origin itself, asked as the contestants are. */
  readonly origin: Omit<Target, 'path'>
  close(): Promise<void>
}

/** Starts the origin, then workerd with every contestant, then makes each ready for load. */
export async function openArena(contestants: readonly Contestant[]): Promise<Arena> {
  const { origin, stop } = await startOrigin()
  let miniflare: Miniflare | undefined
  const close = async () => {
    await miniflare?.dispose()
    stop()
  }
  try {
    const workers = await Promise.all(contestants.map((contestant) => contestant.worker(origin)))
    miniflare = startWorkers(workers)
    return {
      targets: await prepare(contestants, { miniflare, origin }),
      origin: { address: new URL(origin), headers: BROWSER_HEADERS },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function startWorkers(workers: V4WorkerOptions[]): Miniflare {
  return new Miniflare(
    convertV4MiniflareOptions({
      workers,
      cf: false,
      logRequests: false,
      // Standard output is for figures.
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ message }) => console.error(message),
    }),
  )
}

async function prepare(
  contestants: readonly Contestant[],
  around: Pick<Running, 'miniflare' | 'origin'>,
): Promise<Arena['targets']> {
  const targets = new Map<string, Omit<Target, 'path'>>()
  for (const { name, prepare } of contestants) {
    const address = await around.miniflare.unsafeGetDirectURL(name)
    const headers = await prepare?.({ ...around, address, browser: BROWSER_HEADERS })
    targets.set(name, { address, headers: { ...BROWSER_HEADERS, ...headers } })
  }
  return targets
}

async function startOrigin(): Promise<{ origin: string; stop: () => void }> {
  const child = fork(fileURLToPath(new URL('origin.ts', import.meta.url)))
  const [port] = await once(child, 'message')
  return { origin: `http://127.0.0.1:${port}`, stop: () => child.disconnect() }
}
