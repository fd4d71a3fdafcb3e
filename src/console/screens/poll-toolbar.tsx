import type { ComponentChildren, JSX } from 'preact'
import { paused } from '../poll.ts'
import { format } from '../reader.ts'

interface Props {
  /** Epoch ms of what is shown. */
  readonly at: number
  readonly children?: ComponentChildren
}

/** How fresh the figures are, a button that holds them still, and what else there is to do with them. */
export function PollToolbar({ at, children }: Props): JSX.Element {
  return (
    <div class="toolbar">
      <span class="hint">
        {paused.value ? 'Paused at' : 'Updated'} {format.time(at)}
      </span>
      <button
        type="button"
        aria-pressed={paused.value}
        onClick={() => {
          paused.value = !paused.value
        }}
      >
        Pause updates
      </button>
      {children}
    </div>
  )
}
