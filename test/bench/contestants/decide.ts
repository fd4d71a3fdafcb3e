import { worker } from './bundle.ts'
import type { Contestant } from './contestant.ts'

const ENTRY = new URL('../workers/decide.ts', import.meta.url)

/** Selvedge's `decide` alone, in the runtime it is made for. */
export const decider: Contestant = {
  name: 'decide',
  worker: () => worker('decide', ENTRY, {}),
}
