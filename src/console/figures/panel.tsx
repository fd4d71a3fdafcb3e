import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'

interface Props {
  readonly title: string
  /** Address of the panel's figures as CSV. */
  readonly csv?: string
  readonly wide?: boolean
  readonly children: ComponentChildren
}

/** One thing to look at, with its figures to take away. */
export function Panel({ title, csv, wide = false, children }: Props): JSX.Element {
  const id = useId()
  return (
    <section class={wide ? 'card panel panel-wide' : 'card panel'} aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{title}</h2>
        {csv && (
          <a href={csv} download>
            CSV<span class="unseen"> of {title}</span>
          </a>
        )}
      </div>
      {children}
    </section>
  )
}
