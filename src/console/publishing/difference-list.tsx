import type { JSX } from 'preact'
import { isKind, KIND_WORDS } from '../kinds.ts'
import type { Difference } from './api.ts'

const CHANGES: Readonly<
  Record<Difference['change'], { readonly word: string; readonly badge: string }>
> = {
  added: { word: 'Added', badge: 'badge badge-on' },
  removed: { word: 'Removed', badge: 'badge badge-off' },
  changed: { word: 'Changed', badge: 'badge badge-warn' },
}

interface Props {
  readonly differences: readonly Difference[]
}

/** What differs between two configurations, a sentence each. */
export function DifferenceList({ differences }: Props): JSX.Element {
  if (differences.length === 0) return <p class="hint">Nothing differs.</p>
  return (
    <ul class="differences">
      {differences.map(({ kind, id, name, change, fields }) => (
        <li key={`${kind}/${id}`}>
          <p>
            <span class={CHANGES[change].badge}>{CHANGES[change].word}</span>{' '}
            <b>
              {isKind(kind) ? KIND_WORDS[kind].one : kind} “{name || id}”
            </b>
          </p>
          {change === 'changed' && (
            <ul>
              {fields.map(({ pointer, sentence }) => (
                <li key={pointer}>{sentence}</li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  )
}
