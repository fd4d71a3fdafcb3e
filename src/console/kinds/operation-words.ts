import type { Operation } from '../../model/slot.ts'

/** What happens to a slot's element. */
export const OPERATION_WORDS: Readonly<Record<Operation, string>> = {
  inner: 'The variant takes the place of what is inside',
  replace: 'The variant takes the place of the element',
  prepend: 'The variant goes inside, first',
  append: 'The variant goes inside, last',
  before: 'The variant goes before the element',
  after: 'The variant goes after the element',
  remove: 'The element is taken away',
  'set-attribute': 'An attribute of the element is set',
}
