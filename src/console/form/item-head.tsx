import type { JSX } from 'preact'
import { useForm } from './context.ts'

interface HeadProps {
  readonly title: string
  /** Where the title leads. */
  readonly href?: string
  readonly first: boolean
  readonly last: boolean
  readonly onMove: (by: number) => void
  readonly onRemove: () => void
}

/** Names an item and moves it about. */
export function ItemHead({ title, href, first, last, onMove, onRemove }: HeadProps): JSX.Element {
  const { locked } = useForm()
  return (
    <div class="item-head">
      <b>{href === undefined ? title : <a href={href}>{title}</a>}</b>
      {!locked && (
        <span class="item-tools">
          {!first && (
            <button type="button" aria-label={`Move ${title} up`} onClick={() => onMove(-1)}>
              ↑
            </button>
          )}
          {!last && (
            <button type="button" aria-label={`Move ${title} down`} onClick={() => onMove(1)}>
              ↓
            </button>
          )}
          <button type="button" aria-label={`Remove ${title}`} onClick={onRemove}>
            ×
          </button>
        </span>
      )}
    </div>
  )
}
