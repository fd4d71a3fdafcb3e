import { worker } from './bundle.ts'
import type { Contestant } from './contestant.ts'

const ENTRY = new URL('../workers/htmlrewriter.ts', import.meta.url)

/** A hand-written HTMLRewriter worker. */
export const htmlrewriter: Contestant = {
  name: 'htmlrewriter',
  worker: (origin) => worker('htmlrewriter', ENTRY, { ORIGIN: origin }),
}
