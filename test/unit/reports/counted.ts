import { type Counts, NO_COUNTS, type Total } from '../../../src/model/learning.ts'

/** What was counted of an arm, everybody in one segment unless another is given. */
export function counted(
  variant: string,
  counts: Partial<Counts>,
  version = 0,
  segment = '',
): Total {
  return { version, segment, variant, counts: { ...NO_COUNTS, ...counts } }
}
