import { worker } from './bundle.ts'
import type { Contestant } from './contestant.ts'
import { selvedge } from './selvedge.ts'

const ENTRY = new URL('../workers/inserts.ts', import.meta.url)

/** Selvedge with one visitor object instead of many, as the peer has one. */
export const eventDoor: Contestant = {
  ...selvedge,
  async worker(origin) {
    const { bindings, ...rest } = await selvedge.worker(origin)
    return { ...rest, bindings: { ...bindings, VISITOR_SHARDS: '1' } }
  },
}

/** Bare inserts into one Durable Object. */
export const inserts: Contestant = {
  name: 'inserts',
  async worker() {
    return {
      ...(await worker('inserts', ENTRY, {})),
      durableObjects: { STORE: { className: 'Store', useSQLite: true } },
    }
  },
}
