import type { ComponentChildren, JSX } from 'preact'

interface Props {
  /** What the table is about, for those who reach it by keyboard or screen reader. */
  readonly label: string
  readonly children: ComponentChildren
}

/** A table that scrolls sideways where it does not fit; focusable, so that arrow keys scroll it. */
export function ScrollTable({ label, children }: Props): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="scroll" aria-label={label} tabIndex={0}>
      <table>{children}</table>
    </section>
  )
}
