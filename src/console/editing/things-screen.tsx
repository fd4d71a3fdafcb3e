import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Kind } from '../../model/configuration.ts'
import type { Role } from '../api.ts'
import type { Refusal } from '../call.ts'
import { announce } from '../frame/announcer.tsx'
import { Heading } from '../frame/heading.tsx'
import { Notice } from '../frame/notice.tsx'
import { KIND_WORDS } from '../kinds.ts'
import { format } from '../reader.ts'
import { toHash } from '../route.ts'
import { loseSession, mayEdit } from '../session.ts'
import { deleted, undoRemoval } from './deleted.ts'
import { useDraft } from './draft.ts'
import { summaryOf } from './summaries.ts'
import { type DocOf, listThings, type Thing } from './things.ts'

interface Props<K extends Kind> {
  readonly site: string
  readonly kind: K
  readonly role: Role
}

interface Listed<K extends Kind> {
  readonly items: readonly Thing<DocOf<K>>[]
  readonly next: string | null
}

/** Milliseconds of quiet before the list follows what is typed. */
const QUIET = 250

/** All of a kind, searched by name or id. */
export function ThingsScreen<K extends Kind>({ site, kind, role }: Props<K>): JSX.Element {
  const { one, many, about } = KIND_WORDS[kind]
  const [q, setQ] = useState('')
  const { listed, refusal, more, retry } = useThings(site, kind, q)
  const { value: draft } = useDraft(site)
  return (
    <>
      <div class="screen-head">
        <Heading>{many}</Heading>
        {mayEdit(role) && (
          <a class="button primary push" href={toHash({ screen: 'thing', site, kind, id: null })}>
            New {one}
          </a>
        )}
      </div>
      <p class="hint">{about}</p>
      <Undo site={site} kind={kind} onUndone={retry} />
      <div class="search">
        <label for="search" class="unseen">
          Search {many.toLowerCase()}
        </label>
        <input
          id="search"
          type="search"
          placeholder={`Search ${many.toLowerCase()}`}
          value={q}
          onInput={({ currentTarget }) => setQ(currentTarget.value)}
        />
      </div>
      {refusal && (
        <Notice tone="error">
          <p>{refusal.detail}</p>
          <button type="button" onClick={retry}>
            Try again
          </button>
        </Notice>
      )}
      {!listed && !refusal && <p class="loading">Loading {many.toLowerCase()}…</p>}
      {listed?.items.length === 0 && <None site={site} kind={kind} role={role} q={q} />}
      {listed && listed.items.length > 0 && (
        <ul class="things">
          {listed.items.map(({ doc, updatedAt, updatedBy }) => (
            <li key={doc.id} class="card thing">
              <h2>
                <a href={toHash({ screen: 'thing', site, kind, id: doc.id })}>
                  {doc.name || doc.id}
                </a>
              </h2>
              <p class="summary">{summaryOf(kind, doc, draft)}</p>
              <p class="hint">
                <code>{doc.id}</code> · {format.moment(updatedAt)} by {updatedBy}
              </p>
            </li>
          ))}
        </ul>
      )}
      {listed?.next && (
        <p class="card-foot">
          <button type="button" onClick={more}>
            Show more
          </button>
        </p>
      )}
    </>
  )
}

function useThings<K extends Kind>(site: string, kind: K, q: string) {
  const [listed, setListed] = useState<Listed<K> | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [round, setRound] = useState(0)
  const load = async (before: Listed<K> | null, isLatest: () => boolean) => {
    const answer = await listThings(site, kind, { q, cursor: before?.next ?? undefined })
    if (!isLatest()) return
    setRefusal(answer.ok ? null : answer.error)
    if (!answer.ok && answer.error.reason === 'signed-out') loseSession()
    if (!answer.ok) return
    const { items, next } = answer.value
    setListed({ items: [...(before?.items ?? []), ...items], next })
  }
  useEffect(() => {
    let latest = true
    const timer = setTimeout(() => void load(null, () => latest), q === '' ? 0 : QUIET)
    return () => {
      latest = false
      clearTimeout(timer)
    }
  }, [site, kind, q, round])
  const retry = () => setRound(round + 1)
  return { listed, refusal, retry, more: () => void load(listed, () => true) }
}

interface UndoProps {
  readonly site: string
  readonly kind: Kind
  readonly onUndone: () => void
}

/** Takes back the newest deletion. */
function Undo({ site, kind, onUndone }: UndoProps): JSX.Element | null {
  const failed = useSignal<Refusal | null>(null)
  const last = deleted.value
  if (!last || last.site !== site || last.kind !== kind) return null
  const name = last.doc.name || last.doc.id
  const undo = async () => {
    failed.value = await undoRemoval()
    if (failed.value) return
    announce(`“${name}” is back.`)
    onUndone()
  }
  return (
    <Notice tone="calm">
      <p>
        “{name}” is deleted from the draft. {failed.value?.detail}
      </p>
      <button type="button" onClick={() => void undo()}>
        Undo
      </button>
    </Notice>
  )
}

interface NoneProps {
  readonly site: string
  readonly kind: Kind
  readonly role: Role
  readonly q: string
}

function None({ site, kind, role, q }: NoneProps): JSX.Element {
  const { one, many } = KIND_WORDS[kind]
  if (q !== '')
    return (
      <p class="empty">
        No {one} has “{q}” in its name or id.
      </p>
    )
  return (
    <div class="empty">
      <p>No {many.toLowerCase()} yet.</p>
      {mayEdit(role) && (
        <p>
          <a href={toHash({ screen: 'thing', site, kind, id: null })}>Make the first one</a>, or
          take one from the <a href={toHash({ screen: 'tool', site, tool: 'gallery' })}>gallery</a>.
        </p>
      )}
    </div>
  )
}
