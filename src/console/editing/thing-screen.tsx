import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Kind } from '../../model/configuration.ts'
import type { Role } from '../api.ts'
import type { Refusal } from '../call.ts'
import { announce } from '../frame/announcer.tsx'
import { Heading } from '../frame/heading.tsx'
import { Notice } from '../frame/notice.tsx'
import { EDITORS } from '../kinds/editors.ts'
import { KIND_WORDS } from '../kinds.ts'
import { format } from '../reader.ts'
import { toHash } from '../route.ts'
import { loseSession, mayEdit } from '../session.ts'
import { openEditor } from './browser-editor.ts'
import { guardLeaving } from './browser-shelf.ts'
import { Conflict } from './conflict.tsx'
import { DeleteThing } from './delete-thing.tsx'
import { refreshDraft } from './draft.ts'
import { type Editing, isDirty, mistakesOf } from './editor.ts'
import { NewThings } from './new-thing.tsx'
import { Others } from './others.tsx'
import { Refused, Resumed, SaveBar } from './save-bar.tsx'
import { ThingForm } from './thing-form.tsx'
import { type DocOf, readThing, type Thing } from './things.ts'

interface Props<K extends Kind> {
  readonly site: string
  readonly kind: K
  /** Null for a new one. */
  readonly id: string | null
  readonly role: Role
}

/** One thing: read, edited, saved. */
export function ThingScreen<K extends Kind>({ site, kind, id, role }: Props<K>): JSX.Element {
  const { one } = KIND_WORDS[kind]
  const [found, setFound] = useState<Thing<DocOf<K>> | Refusal | null>(null)
  const load = async () => {
    if (id === null) return
    const answer = await readThing(site, kind, id)
    if (!answer.ok && answer.error.reason === 'signed-out') loseSession()
    setFound(answer.ok ? answer.value : answer.error)
  }
  useEffect(() => void load(), [site, kind, id])
  if (id === null) return <Editable site={site} kind={kind} base={null} role={role} />
  if (found === null) return <Waiting title={id} text={`Loading the ${one}…`} />
  if ('doc' in found) return <Editable site={site} kind={kind} base={found} role={role} />
  return (
    <>
      <Heading>{id}</Heading>
      <Notice tone="error">
        <p>
          {found.reason === 'not-found' ? `There is no ${one} by this id any more.` : found.detail}
        </p>
        <button type="button" onClick={() => void load()}>
          Try again
        </button>
      </Notice>
      <a href={toHash({ screen: 'things', site, kind })}>
        All {KIND_WORDS[kind].many.toLowerCase()}
      </a>
    </>
  )
}

function Waiting({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <>
      <Heading>{title}</Heading>
      <p class="loading">{text}</p>
    </>
  )
}

interface EditableProps<K extends Kind> {
  readonly site: string
  readonly kind: K
  readonly base: Thing<DocOf<K>> | null
  readonly role: Role
}

function Editable<K extends Kind>({ site, kind, base, role }: EditableProps<K>): JSX.Element {
  const editor = useMemo(() => openEditor(site, kind, base), [site, kind, base])
  const state = editor.state.value
  const { one } = KIND_WORDS[kind]
  const locked = !mayEdit(role)
  useEffect(() => guardLeaving(() => !editor.state.value.kept), [editor])
  const save = async () => {
    const isNew = editor.state.value.base === null
    const saved = await editor.save()
    if (!saved) return
    announce('Saved.')
    void refreshDraft(site)
    if (isNew) location.hash = toHash({ screen: 'thing', site, kind, id: saved.doc.id })
  }
  useSaveKey(() => void save())
  return (
    <>
      <div class="screen-head">
        <Heading>{state.doc.name || state.doc.id || `New ${one}`}</Heading>
        <Standing state={state} dirty={isDirty(state, EDITORS[kind].blank)} />
      </div>
      {!locked && state.base && <Others site={site} at={`${kind}/${state.base.doc.id}`} />}
      {locked && (
        <Notice tone="calm">
          Your role reads; editors change. Nothing here can be changed by you.
        </Notice>
      )}
      <Resumed editor={editor} />
      {state.theirs ? (
        <Conflict editor={editor} theirs={state.theirs} one={one} />
      ) : (
        <>
          <Refused state={state} />
          <ThingForm
            key={state.revision}
            site={site}
            kind={kind}
            doc={state.doc}
            fixed={state.base !== null}
            locked={locked}
            mistakes={mistakesOf(state)}
            onChange={editor.change}
          />
          {!locked && (
            <SaveBar editor={editor} dirty={isDirty(state, EDITORS[kind].blank)} onSave={save}>
              {state.base && <DeleteThing site={site} kind={kind} thing={state.base} />}
            </SaveBar>
          )}
        </>
      )}
      <NewThings site={site} />
    </>
  )
}

/** Ctrl+S or ⌘S saves, as in any editor. */
function useSaveKey(save: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      save()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}

function Standing<Doc>({
  state,
  dirty,
}: {
  readonly state: Editing<Doc>
  readonly dirty: boolean
}) {
  if (dirty) return <span class="badge badge-warn">Not saved</span>
  if (!state.base) return null
  return (
    <span class="hint">
      Version {state.base.version}, saved {format.moment(state.base.updatedAt)} by{' '}
      {state.base.updatedBy}
    </span>
  )
}
