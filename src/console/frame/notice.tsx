import type { ComponentChildren, JSX } from 'preact'

interface Props {
  readonly tone: 'calm' | 'warning' | 'error'
  /** Interrupts the screen reader: for the outcome of what the reader just did. */
  readonly alert?: boolean
  readonly children: ComponentChildren
}

/** A message in the flow of a screen. */
export function Notice({ tone, alert = false, children }: Props): JSX.Element {
  return (
    <div class={`notice notice-${tone}`} role={alert ? 'alert' : undefined}>
      {children}
    </div>
  )
}
