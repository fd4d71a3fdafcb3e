import type { JSX } from 'preact'
import { Notice } from '../frame/notice.tsx'
import { format } from '../reader.ts'
import { type Editing, type Editor, mistakesOf } from './editor.ts'

/** Says that there was unsaved work, and lets one give it up. */
export function Resumed<Doc extends object>({
  editor,
}: {
  readonly editor: Editor<Doc>
}): JSX.Element | null {
  const { resumed, theirs } = editor.state.value
  if (resumed === null || theirs) return null
  return (
    <Notice tone="warning">
      <p>This is your unsaved work of {format.moment(resumed)}, as you left it.</p>
      <button type="button" onClick={editor.discard}>
        Discard it
      </button>
    </Notice>
  )
}

/** Why the newest save failed. */
export function Refused<Doc>({ state }: { readonly state: Editing<Doc> }): JSX.Element | null {
  const { refusal } = state
  if (!refusal) return null
  const elsewhere = mistakesOf(state).filter(({ pointer }) => pointer === '')
  return (
    <Notice tone="error" alert>
      <div>
        <p>Not saved. {refusal.detail} Your work is kept in this browser.</p>
        {elsewhere.map(({ detail }) => (
          <p key={detail}>{detail}</p>
        ))}
      </div>
    </Notice>
  )
}

interface BarProps<Doc extends object> {
  readonly editor: Editor<Doc>
  readonly dirty: boolean
  readonly onSave: () => Promise<void>
  readonly children?: JSX.Element | null
}

/** Saves, or gives up what was written; further acts stand before. */
export function SaveBar<Doc extends object>(props: BarProps<Doc>): JSX.Element {
  const { editor, dirty, onSave, children } = props
  const { saving, kept } = editor.state.value
  return (
    <div class="save-bar">
      {children}
      {!kept && <span class="mistake">This browser has no room to keep your work: save soon.</span>}
      {dirty && (
        <button type="button" class="push" onClick={editor.discard}>
          Discard changes
        </button>
      )}
      <button
        type="button"
        class={dirty ? 'primary' : 'primary push'}
        aria-disabled={saving || !dirty}
        onClick={() => dirty && void onSave()}
      >
        {saving ? 'Saving…' : dirty ? 'Save draft' : 'Saved'}
      </button>
    </div>
  )
}
