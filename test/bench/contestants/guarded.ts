import { worker } from './bundle.ts'
import type { Contestant } from './contestant.ts'

const ENTRY = new URL('../workers/guarded.js', import.meta.url)

/** The hand-written HTMLRewriter worker behind Selvedge's guard. */
export const guarded: Contestant = {
  name: 'guarded',
  worker: (origin) => worker('guarded', ENTRY, { ORIGIN: origin }),
}
