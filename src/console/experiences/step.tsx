import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'

interface Props {
  readonly number: number
  readonly title: string
  readonly children: ComponentChildren
}

/** One part of a longer form. */
export function Step({ number, title, children }: Props): JSX.Element {
  const id = useId()
  return (
    <section class="card form step" aria-labelledby={id}>
      <h2 id={id}>
        <span class="step-number" aria-hidden="true">
          {number}
        </span>
        {title}
      </h2>
      {children}
    </section>
  )
}
