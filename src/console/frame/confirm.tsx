import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Refusal } from '../call.ts'
import { Notice } from './notice.tsx'

interface Props {
  readonly title: string
  /** Label of the button that goes ahead. */
  readonly action: string
  readonly danger?: boolean
  /** Does it; null when done, else why not. */
  readonly onConfirm: () => Promise<Refusal | null>
  readonly onClose: () => void
  readonly children: ComponentChildren
}

/** Asks before something that visitors will notice. Mounted means open; Escape and Cancel close. */
export function Confirm(props: Props): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  const [pending, setPending] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const title = useId()
  useEffect(() => dialog.current?.showModal(), [])

  async function confirm(): Promise<void> {
    setPending(true)
    const refused = await props.onConfirm()
    setPending(false)
    setRefusal(refused)
    if (refused === null) dialog.current?.close()
  }

  return (
    <dialog ref={dialog} aria-labelledby={title} onClose={props.onClose}>
      <h2 id={title}>{props.title}</h2>
      {props.children}
      {refusal && (
        <Notice tone="error" alert>
          {refusal.detail}
        </Notice>
      )}
      <div class="actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
        <button
          type="button"
          class={props.danger ? 'danger' : 'primary'}
          aria-disabled={pending}
          onClick={() => pending || void confirm()}
        >
          {pending ? 'One moment…' : props.action}
        </button>
      </div>
    </dialog>
  )
}
