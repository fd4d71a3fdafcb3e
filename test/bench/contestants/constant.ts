import { worker } from './bundle.ts'
import type { Contestant } from './contestant.ts'

const ENTRY = new URL('../workers/constant.ts', import.meta.url)

/** A worker that answers with constant bytes. */
export const constant: Contestant = {
  name: 'constant',
  worker: () => worker('constant', ENTRY, {}),
}
