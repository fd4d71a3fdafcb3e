import { signal } from '@preact/signals'
import type { Kind } from '../../model/configuration.ts'

/** Things that are to be made beside what is being edited, the newest last: a variant may need a module. */
export interface Wish {
  readonly number: number
  readonly kind: Kind
  readonly settle: (id: string | null) => void
}

export const wishes = signal<readonly Wish[]>([])

let numbers = 0

/** Asks for a new thing; its id once it is made, null where that was called off. */
export function makeNew(kind: Kind): Promise<string | null> {
  return new Promise((resolve) => {
    numbers += 1
    const number = numbers
    const settle = (id: string | null) => {
      wishes.value = wishes.value.filter((wish) => wish.number !== number)
      resolve(id)
    }
    wishes.value = [...wishes.value, { number, kind, settle }]
  })
}
