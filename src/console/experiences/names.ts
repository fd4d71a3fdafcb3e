import type { Configuration } from '../../model/configuration.ts'
import type { Names } from './experience-sentence.ts'

/** What a draft's things are called. */
export function toNames(draft: Configuration | null): Names {
  return (kind, id) => draft?.[kind].find((thing) => thing.id === id)?.name || id
}
