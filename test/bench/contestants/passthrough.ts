import { worker } from './bundle.ts'
import type { Contestant } from './contestant.ts'

const ENTRY = new URL('../workers/passthrough.ts', import.meta.url)

/** A plain proxy. */
export const passthrough: Contestant = {
  name: 'passthrough',
  worker: (origin) => worker('passthrough', ENTRY, { ORIGIN: origin }),
}
