import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Role } from '../api.ts'
import { announce } from '../frame/announcer.tsx'
import { Confirm } from '../frame/confirm.tsx'
import { Heading } from '../frame/heading.tsx'
import { LoadingState } from '../frame/loading-state.tsx'
import { useLoaded } from '../loading.ts'
import { format } from '../reader.ts'
import { OffSwitch } from '../screens/off-switch.tsx'
import { mayEdit } from '../session.ts'
import { findSite, isSwitchable, sites } from '../sites.ts'
import { listPublications, type Publication, readDifferences, restorePublication } from './api.ts'
import { DifferenceList } from './difference-list.tsx'

interface Props {
  readonly site: string
  readonly role: Role
}

/** What was published when and by whom; the way back, and the off switch. */
export function HistoryScreen({ site: id, role }: Props): JSX.Element {
  const [cursors, setCursors] = useState<readonly (string | undefined)[]>([undefined])
  const cursor = cursors.at(-1)
  const history = useLoaded(`history ${id} ${cursor}`, () => listPublications(id, cursor))
  const site = findSite(id)
  const reload = async () => {
    await Promise.all([history.reload(), sites.refresh()])
  }
  return (
    <>
      <div class="screen-head">
        <Heading>History</Heading>
        {site && mayEdit(role) && isSwitchable(site) && <OffSwitch site={site} />}
      </div>
      <LoadingState loaded={history} what="publications" />
      {history.value?.items.length === 0 && (
        <div class="empty">
          <p>Nothing was published yet.</p>
        </div>
      )}
      <ol class="things">
        {history.value?.items.map((publication) => (
          <li key={publication.seq} class="card thing">
            <PublicationItem
              site={id}
              publication={publication}
              all={history.value?.items ?? []}
              role={role}
              onRestored={reload}
            />
          </li>
        ))}
      </ol>
      <p class="card-foot">
        {cursors.length > 1 && (
          <button type="button" onClick={() => setCursors(cursors.slice(0, -1))}>
            Newer
          </button>
        )}
        {history.value?.next && (
          <button
            type="button"
            onClick={() => setCursors([...cursors, history.value?.next ?? undefined])}
          >
            Older
          </button>
        )}
      </p>
    </>
  )
}

interface ItemProps {
  readonly site: string
  readonly publication: Publication
  readonly all: readonly Publication[]
  readonly role: Role
  readonly onRestored: () => Promise<void>
}

function PublicationItem(props: ItemProps): JSX.Element {
  const { site, publication, all, role, onRestored } = props
  const { seq, at, by, note, hash, current } = publication
  return (
    <>
      <div class="card-head">
        <h2>{note || `Publication ${seq}`}</h2>
        {current && <span class="badge badge-on">Live</span>}
        {!current && mayEdit(role) && (
          <Restore site={site} publication={publication} onRestored={onRestored} />
        )}
      </div>
      <p class="hint">
        <time dateTime={new Date(at).toISOString()}>{format.moment(at)}</time> by {by} · no. {seq} ·{' '}
        <code title={hash}>{hash.slice(0, 12)}</code>
      </p>
      <Compare site={site} publication={publication} all={all} />
    </>
  )
}

interface RestoreProps {
  readonly site: string
  readonly publication: Publication
  readonly onRestored: () => Promise<void>
}

function Restore({ site, publication, onRestored }: RestoreProps): JSX.Element {
  const asking = useSignal(false)
  const { seq, at } = publication
  const confirm = async () => {
    const answer = await restorePublication(site, seq, '')
    if (!answer.ok) return answer.error
    announce(`Rolled back to publication ${seq}.`)
    await onRestored()
    return null
  }
  return (
    <>
      <button
        type="button"
        class="push"
        onClick={() => {
          asking.value = true
        }}
      >
        Roll back to this<span class="unseen"> publication {seq}</span>…
      </button>
      {asking.value && (
        <Confirm
          title={`Roll back to publication ${seq}?`}
          action="Roll back"
          onConfirm={confirm}
          onClose={() => {
            asking.value = false
          }}
        >
          <p>
            Within 5 seconds visitors get what was published {format.moment(at)}. The draft stays as
            it is.
          </p>
        </Confirm>
      )}
    </>
  )
}

interface CompareProps {
  readonly site: string
  readonly publication: Publication
  readonly all: readonly Publication[]
}

/** What differs from another publication, or from the draft; asked for once it is opened. */
function Compare({ site, publication, all }: CompareProps): JSX.Element {
  const { seq } = publication
  const before = all.find((other) => other.seq < seq)
  const [open, setOpen] = useState(false)
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        Compare<span class="unseen"> publication {seq}</span>
      </summary>
      {open && <Comparison site={site} seq={seq} all={all} start={before?.seq ?? 'draft'} />}
    </details>
  )
}

interface ComparisonProps {
  readonly site: string
  readonly seq: number
  readonly all: readonly Publication[]
  readonly start: number | 'draft'
}

function Comparison({ site, seq, all, start }: ComparisonProps): JSX.Element {
  const [other, setOther] = useState(start)
  // From the older to the newer, whichever of the two was chosen.
  const [from, to] = other === 'draft' || other > seq ? [seq, other] : [other, seq]
  const differences = useLoaded(`differences ${site} ${from} ${to}`, () =>
    readDifferences(site, from, to),
  )
  return (
    <div class="form comparison">
      <div class="field">
        <label for={`compare-${seq}`}>With</label>
        <select
          id={`compare-${seq}`}
          value={String(other)}
          onChange={({ currentTarget: { value } }) =>
            setOther(value === 'draft' ? 'draft' : Number(value))
          }
        >
          <option value="draft">the draft</option>
          {all
            .filter((publication) => publication.seq !== seq)
            .map((publication) => (
              <option key={publication.seq} value={publication.seq}>
                no. {publication.seq}, {format.moment(publication.at)}
              </option>
            ))}
        </select>
      </div>
      <LoadingState loaded={differences} what="differences" />
      {differences.value && <DifferenceList differences={differences.value.differences} />}
    </div>
  )
}
