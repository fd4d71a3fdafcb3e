import type { Modules } from '../workers/loader.ts'
import { worker } from './bundle.ts'
import type { Contestant } from './contestant.ts'
import { DEPLOYED } from './deployed.ts'

const ENTRY = new URL('../workers/loader.ts', import.meta.url)

/** A worker that starts others: an empty one, and the one that is given. */
export function createLoader(given: Modules): Contestant {
  return {
    name: 'loader',
    async worker() {
      const own = await worker('loader', ENTRY, {})
      const bindings = { DATE: DEPLOYED.compatibility_date, given, empty: {} }
      return { ...own, bindings, workerLoaders: { LOADER: {} } }
    },
  }
}
