import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'

interface Props {
  readonly title: string
  readonly children: ComponentChildren
}

/** One part of a longer form; the style sheet numbers them. */
export function Step({ title, children }: Props): JSX.Element {
  const id = useId()
  return (
    <section class="card form step" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  )
}
