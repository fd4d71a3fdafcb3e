import type { JSX } from 'preact'
import type { Loaded } from '../loading.ts'
import { Notice } from './notice.tsx'

interface Props<T> {
  readonly loaded: Loaded<T>
  /** What is being loaded, in the plural: `publications`. */
  readonly what: string
}

/** Says that something is on its way, or why it cannot be had. */
export function LoadingState<T>({ loaded, what }: Props<T>): JSX.Element | null {
  const { value, refusal, reload } = loaded
  if (refusal) {
    return (
      <Notice tone="error">
        <p>{refusal.detail}</p>
        <button type="button" onClick={() => void reload()}>
          Try again
        </button>
      </Notice>
    )
  }
  return value === null ? <p class="loading">Loading {what}…</p> : null
}
