import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Configuration, Kind } from '../../model/configuration.ts'
import type { Mistake } from '../call.ts'

/** What fields know beside their own value. */
export interface FormSurroundings {
  readonly site: string
  /** The whole draft, for what can be referred to; null until it is here. */
  readonly draft: Configuration | null
  readonly mistakes: readonly Mistake[]
  /** Nothing can be changed: the reader's role is too low. */
  readonly locked: boolean
  /** Makes a new thing beside what is being edited; its id, or null where that was called off. */
  readonly makeNew: (kind: Kind) => Promise<string | null>
}

export const FormContext = createContext<FormSurroundings>({
  site: '',
  draft: null,
  mistakes: [],
  locked: false,
  makeNew: () => Promise.resolve(null),
})

export function useForm(): FormSurroundings {
  return useContext(FormContext)
}

/** What is wrong with a field, or with anything in it. */
export function mistakesAt(mistakes: readonly Mistake[], pointer: string): readonly Mistake[] {
  return mistakes.filter(
    (mistake) => mistake.pointer === pointer || mistake.pointer.startsWith(`${pointer}/`),
  )
}
