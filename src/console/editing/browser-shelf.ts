import { createWorkShelf } from './work.ts'

/** Unsaved work of this browser. */
export const shelf = createWorkShelf(localStorage)

/** Has the browser ask before it leaves work behind that could not be kept. */
export function guardLeaving(isUnsafe: () => boolean): () => void {
  const ask = (event: BeforeUnloadEvent) => {
    if (isUnsafe()) event.preventDefault()
  }
  addEventListener('beforeunload', ask)
  return () => removeEventListener('beforeunload', ask)
}
