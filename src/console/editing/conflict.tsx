import type { JSX } from 'preact'
import { Notice } from '../frame/notice.tsx'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { format } from '../reader.ts'
import type { Editor } from './editor.ts'
import { toFieldChanges } from './field-changes.ts'
import type { Thing } from './things.ts'

interface Props<Doc extends object> {
  readonly editor: Editor<Doc>
  readonly theirs: Thing<Doc>
  /** What it is: `module`. */
  readonly one: string
}

/** Somebody else saved meanwhile: both versions side by side, and the choice between them. */
export function Conflict<Doc extends object>({ editor, theirs, one }: Props<Doc>): JSX.Element {
  const { doc } = editor.state.value
  const changes = toFieldChanges(theirs.doc, doc)
  return (
    <section class="card form conflict" aria-labelledby="conflict-title">
      <Notice tone="warning" alert>
        <p>
          <b id="conflict-title">This {one} was changed while you were editing.</b>{' '}
          {theirs.updatedBy} saved version {theirs.version} at {format.time(theirs.updatedAt)}.
          Nothing of yours or theirs is lost yet.
        </p>
      </Notice>
      <ScrollTable label="Where the two differ">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Theirs</th>
            <th scope="col">Yours</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ pointer, theirs: other, mine }) => (
            <tr key={pointer}>
              <th scope="row">{pointer.slice(1).replaceAll('/', ' › ') || 'All of it'}</th>
              <td>
                <Value of={other} />
              </td>
              <td>
                <Value of={mine} />
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <div class="actions">
        <button type="button" onClick={editor.takeTheirs}>
          Take theirs
        </button>
        <button type="button" class="primary" onClick={editor.keepMine}>
          Go on with mine
        </button>
      </div>
      <p class="hint">
        “Go on with mine” opens your version for further editing; saving it then replaces theirs.
      </p>
    </section>
  )
}

function Value({ of: value }: { readonly of: unknown }): JSX.Element {
  if (value === undefined) return <span class="hint">not set</span>
  if (typeof value === 'string') return <pre class="value">{value === '' ? '(empty)' : value}</pre>
  return <pre class="value">{JSON.stringify(value, null, 1)}</pre>
}
