import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { ok } from '../../model/result.ts'
import type { Role } from '../api.ts'
import type { Answer, Refusal } from '../call.ts'
import { useDraft } from '../editing/draft.ts'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import { announce } from '../frame/announcer.tsx'
import { Heading } from '../frame/heading.tsx'
import { LoadingState } from '../frame/loading-state.tsx'
import { Notice } from '../frame/notice.tsx'
import { useLoaded } from '../loading.ts'
import { format } from '../reader.ts'
import { toHash } from '../route.ts'
import { loseSession, mayEdit } from '../session.ts'
import { sites } from '../sites.ts'
import {
  type CheckReport,
  checkDraft,
  type Difference,
  listPublications,
  type PublishWish,
  publishDraft,
  readDifferences,
} from './api.ts'
import { CheckView } from './check-view.tsx'
import { DifferenceList } from './difference-list.tsx'
import { ReviewPanel } from './review-panel.tsx'
import { type Reviews, readReviews } from './reviews.ts'
import { listScheduled, ScheduledList } from './scheduled.tsx'

interface Props {
  readonly site: string
  readonly role: Role
}

/** From the draft to what visitors get: what changes, whether it is right, and the way to live. */
export function PublishScreen({ site, role }: Props): JSX.Element {
  const { value: draft } = useDraft(site)
  const check = useLoaded(`check ${site}`, () => checkDraft(site))
  const changes = useLoaded(`changes ${site}`, () => readChanges(site))
  const reviews = useLoaded(`reviews ${site}`, () => readReviews(site))
  const scheduled = useLoaded(`scheduled ${site}`, () => listScheduled(site))
  const reload = () =>
    void Promise.all([
      ...[check, changes, reviews, scheduled].map((loaded) => loaded.reload()),
      sites.refresh(),
    ])
  const hindrance = hindranceOf(check.value, reviews.value)
  return (
    <>
      <Heading>Publish</Heading>
      <section class="card form" aria-labelledby="changes-title">
        <h2 id="changes-title">What changes for visitors</h2>
        <LoadingState loaded={changes} what="differences" />
        {changes.value && <Changes {...changes.value} />}
      </section>
      <section class="card form" aria-labelledby="check-title">
        <div class="card-head">
          <h2 id="check-title">Checks</h2>
          <button type="button" class="push" onClick={() => void check.reload()}>
            Check again
          </button>
        </div>
        <LoadingState loaded={check} what="checks: the site’s pages are looked at" />
        {check.value && <CheckView site={site} draft={draft} report={check.value} />}
      </section>
      {mayEdit(role) && <ReviewPanel site={site} loaded={reviews} />}
      <ScheduledList site={site} loaded={scheduled} mayCancel={mayEdit(role)} />
      {mayEdit(role) ? (
        <PublishForm site={site} hindrance={hindrance} onPublished={reload} />
      ) : (
        <Notice tone="calm">Your role reads; editors publish.</Notice>
      )}
    </>
  )
}

/** What stands in the way of a publication, in words; nothing where it may go. */
function hindranceOf(check: CheckReport | null, reviews: Reviews | null): string | null {
  if (check === null || check.problems.length > 0) {
    return 'It can be published as soon as the checks above are right.'
  }
  if (reviews === null || (reviews.required && !reviews.approved)) {
    return 'It can be published as soon as somebody else has approved it.'
  }
  return null
}

interface ChangesFound {
  /** Epoch ms of what is live; null before the first publication. */
  readonly since: number | null
  readonly differences: readonly Difference[]
}

async function readChanges(site: string): Answer<ChangesFound> {
  const history = await listPublications(site)
  if (!history.ok) return history
  const live = history.value.items.find(({ current }) => current)
  if (!live) return ok({ since: null, differences: [] })
  const answer = await readDifferences(site, live.seq, 'draft')
  if (!answer.ok) return answer
  return ok({ since: live.at, differences: answer.value.differences })
}

function Changes({ since, differences }: ChangesFound): JSX.Element {
  if (since === null) {
    return <p class="hint">Nothing is published yet: all of the draft is new to visitors.</p>
  }
  return (
    <>
      <p class="hint">Against what was published {format.moment(since)}.</p>
      <DifferenceList differences={differences} />
    </>
  )
}

const FIELDS: readonly FieldSpec<keyof PublishWish>[] = [
  {
    ...{ kind: 'text', name: 'note', label: 'Note', max: 500, lines: 2, optional: true },
    hint: 'What this is about, for those who read the history.',
  },
  {
    ...{ kind: 'moment', name: 'at', label: 'At a time', optional: true },
    hint: 'Left empty: now. What goes live then is the draft as it is now.',
  },
]

interface FormProps {
  readonly site: string
  /** Why it cannot be published; null where it can. */
  readonly hindrance: string | null
  readonly onPublished: () => void
}

function PublishForm({ site, hindrance, onPublished }: FormProps): JSX.Element {
  const [wish, setWish] = useState<PublishWish>({})
  const [sent, setSent] = useState(0)
  const pending = useSignal(false)
  const refusal = useSignal<Refusal | null>(null)
  const done = useSignal('')
  const publish = async () => {
    if (pending.value || hindrance !== null) return
    pending.value = true
    done.value = ''
    const answer = await publishDraft(site, wish)
    pending.value = false
    refusal.value = answer.ok ? null : answer.error
    if (!answer.ok && answer.error.reason === 'signed-out') loseSession()
    if (!answer.ok) return
    done.value = wish.at ? 'Scheduled.' : 'Published: visitors get it within 5 seconds.'
    announce(done.value)
    setWish({})
    setSent(sent + 1)
    onPublished()
  }
  const mistakes = refusal.value?.reason === 'refused' ? (refusal.value.mistakes ?? []) : []
  return (
    <section class="card form" aria-labelledby="publish-title" key={sent}>
      <h2 id="publish-title">Go live</h2>
      <Fields fields={FIELDS} value={wish} onChange={setWish} />
      {refusal.value && (
        <Notice tone="error" alert>
          <div>
            <p>Not published. {refusal.value.detail}</p>
            {mistakes.map(({ pointer, detail }) => (
              <p key={pointer + detail}>{detail}</p>
            ))}
          </div>
        </Notice>
      )}
      {done.value && (
        <Notice tone="calm">
          <p>{done.value}</p>
          <a href={toHash({ screen: 'tool', site, tool: 'history' })}>History</a>
        </Notice>
      )}
      <div class="actions">
        <button
          type="button"
          class="primary"
          aria-disabled={pending.value || hindrance !== null}
          onClick={() => void publish()}
        >
          {pending.value ? 'Publishing…' : wish.at ? 'Publish then' : 'Publish now'}
        </button>
      </div>
      {hindrance && <p class="hint">{hindrance}</p>}
    </section>
  )
}
