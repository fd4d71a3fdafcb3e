import type { Bundle } from '../model/bundle.ts'
import { err, ok, type Result } from '../model/result.ts'
import type { Current } from './board.ts'
import { type BundleFault, readBundle } from './bundle-store.ts'
import { type Directory, findHome, type Home, readDirectory } from './directory.ts'
import { type Background, createKept, type Kept } from './kept.ts'

/** Publish, roll-back and the off switch must be everywhere within 5 s. */
const FRESHNESS = {
  fresh: 2_000,
  stale: 5_000,
  patience: 50,
  firstPatience: 1_000,
  rest: 2_000,
} as const

/** A site's published configuration and what is current of it. */
export interface CurrentSite {
  readonly bundle: Bundle
  readonly board: Current
}

export type SiteFault = 'not_published' | BundleFault

interface Known {
  readonly board: Current
  readonly bundle: Result<Bundle, SiteFault>
}

let directory: Kept<Directory> | undefined
const sites = new Map<string, Kept<Known>>()

/** Whose pages this host serves. Rejects when the directory was never read and cannot be read now. */
export async function findHomeOf(
  url: URL,
  env: Env,
  background: Background,
): Promise<Home | undefined> {
  directory ??= createKept({ load: () => readDirectory(env.DB), ...FRESHNESS })
  return findHome(await directory.get(Date.now(), background), url)
}

/** What is current of a site, if the isolate has it at hand. */
export function peekSite(
  id: string,
  env: Env,
  background: Background,
): Result<CurrentSite, SiteFault> | undefined {
  const known = keptSite(id, env).peek(Date.now(), background)
  return known && toCurrentSite(known)
}

/** What is current of a site, read where need be. Rejects when it was never read and cannot be now. */
export async function currentSite(
  id: string,
  env: Env,
  background: Background,
): Promise<Result<CurrentSite, SiteFault>> {
  return toCurrentSite(await keptSite(id, env).get(Date.now(), background))
}

function toCurrentSite({ board, bundle }: Known): Result<CurrentSite, SiteFault> {
  return bundle.ok ? ok({ board, bundle: bundle.value }) : bundle
}

function keptSite(id: string, env: Env): Kept<Known> {
  const known = sites.get(id)
  if (known) return known
  const kept = createKept<Known>({ load: (before) => loadSite(id, env, before), ...FRESHNESS })
  sites.set(id, kept)
  return kept
}

async function loadSite(id: string, env: Env, before: Known | undefined): Promise<Known> {
  const read: Current | undefined = await env.BOARD.getByName(id).read(before?.board.revision)
  const board = read ?? before?.board
  if (!board) throw new Error(`The board of site ${id} gave nothing to a first reader.`)
  if (before?.bundle.ok && before.bundle.value.hash === board.bundle) {
    return { board, bundle: before.bundle }
  }
  if (board.bundle === undefined) return { board, bundle: err('not_published') }
  return { board, bundle: await readBundle(board.bundle, env.DB, caches.default) }
}
