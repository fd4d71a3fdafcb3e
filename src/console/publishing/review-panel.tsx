import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Answer, Refusal } from '../call.ts'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import { announce } from '../frame/announcer.tsx'
import { LoadingState } from '../frame/loading-state.tsx'
import { Notice } from '../frame/notice.tsx'
import type { Loaded } from '../loading.ts'
import { format } from '../reader.ts'
import { loseSession, session } from '../session.ts'
import {
  askForReview,
  decideReview,
  mayApprove,
  type Review,
  type ReviewState,
  type Reviews,
} from './reviews.ts'

interface Props {
  readonly site: string
  readonly loaded: Loaded<Reviews>
}

const NOTE: FieldSpec<'note'> = {
  ...{ kind: 'text', name: 'note', label: 'Note', max: 500, lines: 2, optional: true },
  hint: 'What to look at, or what came of it.',
}

const STATES: Readonly<Record<ReviewState, readonly [words: string, badge: string]>> = {
  open: ['Waits for somebody', 'badge'],
  outdated: ['The draft has changed since', 'badge badge-off'],
  approved: ['Approved', 'badge badge-on'],
  declined: ['Declined', 'badge badge-off'],
}

/** Somebody else looks at the draft, and says whether it may go live. */
export function ReviewPanel({ site, loaded }: Props): JSX.Element {
  const { value } = loaded
  const [said, setSaid] = useState<{ readonly note?: string }>({})
  const refusal = useSignal<Refusal | null>(null)
  const act = async (answer: Answer<Review>, words: string) => {
    const done = await answer
    refusal.value = done.ok ? null : done.error
    if (!done.ok && done.error.reason === 'signed-out') loseSession()
    if (done.ok) {
      setSaid({})
      announce(words)
    }
    await loaded.reload()
  }
  const open = value?.items.find(({ state }) => state === 'open') ?? null
  return (
    <section class="card form" aria-labelledby="review-title">
      <h2 id="review-title">Review</h2>
      <p class="hint">{value && toHint(value)}</p>
      <LoadingState loaded={loaded} what="reviews" />
      {value && !value.approved && <Fields fields={[NOTE]} value={said} onChange={setSaid} />}
      {refusal.value && (
        <Notice tone="error" alert>
          {refusal.value.detail}
        </Notice>
      )}
      {value && !value.approved && (
        <div class="actions">
          {open ? (
            <Decide
              mine={!mayApprove(value, open, subject())}
              onDecide={(verdict, words) =>
                void act(decideReview(site, open.id, verdict, said.note ?? ''), words)
              }
            />
          ) : (
            <button
              type="button"
              onClick={() =>
                void act(askForReview(site, said.note ?? ''), 'The review is asked for.')
              }
            >
              Ask for a review
            </button>
          )}
        </div>
      )}
      {value && value.items.length > 0 && <ReviewList reviews={value.items} />}
    </section>
  )
}

const subject = () => (session.value.kind === 'signed-in' ? session.value.session.subject : '')

function toHint({ required, approved, authors }: Reviews): string {
  const by = authors.length > 0 ? ` It was made by ${authors.join(', ')}.` : ''
  if (approved) return `Somebody else has approved the draft as it is now.${by}`
  return required
    ? `This site publishes only what somebody without a part in it has approved.${by}`
    : `This site publishes without an approval; one may be asked for all the same.${by}`
}

interface DecideProps {
  /** The reader has a part in the draft. */
  readonly mine: boolean
  readonly onDecide: (verdict: 'approve' | 'decline', words: string) => void
}

function Decide({ mine, onDecide }: DecideProps): JSX.Element {
  return (
    <>
      {mine && <p class="hint">You have a part in this draft: somebody else has to approve it.</p>}
      <button type="button" onClick={() => onDecide('decline', 'The review is declined.')}>
        {mine ? 'Call it off' : 'Decline'}
      </button>
      {!mine && (
        <button
          type="button"
          class="primary"
          onClick={() => onDecide('approve', 'The draft is approved.')}
        >
          Approve
        </button>
      )}
    </>
  )
}

function ReviewList({ reviews }: { readonly reviews: readonly Review[] }): JSX.Element {
  return (
    <ul class="findings">
      {reviews.slice(0, 5).map(({ id, at, by, note, state, decidedBy, decidedNote }) => (
        <li key={id}>
          <span class={STATES[state][1]}>{STATES[state][0]}</span>{' '}
          <span class="hint">
            asked by {by}, {format.moment(at)}
            {decidedBy && ` · decided by ${decidedBy}`}
          </span>
          {note && <p>{note}</p>}
          {decidedNote && <p>{decidedNote}</p>}
        </li>
      ))}
    </ul>
  )
}
