import type { JSX } from 'preact'
import { useEffect, useId, useMemo, useRef } from 'preact/hooks'
import type { Kind } from '../../model/configuration.ts'
import { Notice } from '../frame/notice.tsx'
import { KIND_WORDS } from '../kinds.ts'
import { openEditor } from './browser-editor.ts'
import { refreshDraft } from './draft.ts'
import { mistakesOf } from './editor.ts'
import { ThingForm } from './thing-form.tsx'
import { type Wish, wishes } from './wish.ts'

/** Dialogs for things that are made beside what is being edited, one over the other. */
export function NewThings({ site }: { readonly site: string }): JSX.Element {
  return (
    <>
      {wishes.value.map((wish) => (
        <NewThing key={wish.number} site={site} kind={wish.kind} settle={wish.settle} />
      ))}
    </>
  )
}

interface Props<K extends Kind> {
  readonly site: string
  readonly kind: K
  readonly settle: Wish['settle']
}

function NewThing<K extends Kind>({ site, kind, settle }: Props<K>): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  const editor = useMemo(() => openEditor(site, kind, null, 'aside'), [site, kind])
  const state = editor.state.value
  useEffect(() => dialog.current?.showModal(), [])
  const save = async () => {
    const made = await editor.save()
    if (!made) return
    await refreshDraft(site)
    settle(made.doc.id)
  }
  const { one } = KIND_WORDS[kind]
  return (
    <dialog class="wide" ref={dialog} aria-labelledby={title} onClose={() => settle(null)}>
      <h2 id={title}>New {one}</h2>
      {state.theirs && (
        <Notice tone="error" alert>
          There is a {one} of this id already: choose another name.
        </Notice>
      )}
      {state.refusal && (
        <Notice tone="error" alert>
          {state.refusal.detail}
        </Notice>
      )}
      <ThingForm
        site={site}
        kind={kind}
        doc={state.doc}
        fixed={false}
        locked={false}
        mistakes={mistakesOf(state)}
        onChange={editor.change}
      />
      <div class="actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
        <button
          type="button"
          class="primary"
          aria-disabled={state.saving}
          onClick={() => void save()}
        >
          {state.saving ? 'Saving…' : `Save ${one}`}
        </button>
      </div>
    </dialog>
  )
}
