import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { Role } from '../api.ts'
import type { Answer, Refusal } from '../call.ts'
import { announce } from '../frame/announcer.tsx'
import { Notice } from '../frame/notice.tsx'
import { useLoaded } from '../loading.ts'
import { format } from '../reader.ts'
import { loseSession, mayEdit } from '../session.ts'
import { askForReview, judgeReview, listReviews, type Review, type Verdict } from './api.ts'

interface Props {
  readonly site: string
  readonly role: Role
  /** The site asks for somebody else’s approval. */
  readonly asked: boolean
}

const STATES: Readonly<Record<string, string>> = {
  open: 'Waits for an answer',
  approved: 'Approved',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
  outdated: 'The draft has changed since',
}

const VERDICTS: readonly (readonly [Verdict, string])[] = [
  ['approve', 'Approve'],
  ['reject', 'Reject'],
  ['withdraw', 'Withdraw'],
]

/** Somebody else looks at exactly what is drafted now. */
export function ReviewPanel({ site, role, asked }: Props): JSX.Element | null {
  const reviews = useLoaded(`reviews ${site}`, () => listReviews(site))
  const note = useSignal('')
  const refusal = useSignal<Refusal | null>(null)
  const act = async (what: string, answer: Answer<unknown>) => {
    const done = await answer
    refusal.value = done.ok ? null : done.error
    if (!done.ok && done.error.reason === 'signed-out') return loseSession()
    if (done.ok) announce(what)
    await reviews.reload()
  }
  const items = reviews.value?.items ?? []
  if (!asked && items.length === 0) return null
  return (
    <section class="card form" aria-labelledby="review-title">
      <h2 id="review-title">Review</h2>
      {asked && <p class="hint">This site asks that somebody else approves exactly this draft.</p>}
      {refusal.value && (
        <Notice tone="error" alert>
          {refusal.value.detail}
        </Notice>
      )}
      <ul class="findings">
        {items.slice(0, 5).map((review) => (
          <ReviewItem
            key={review.id}
            review={review}
            role={role}
            onJudge={(verdict) =>
              void act(`Review: ${verdict}.`, judgeReview(site, review.id, verdict))
            }
          />
        ))}
      </ul>
      {mayEdit(role) && (
        <div class="choose">
          <input
            type="text"
            aria-label="Note for who reviews"
            placeholder="What to look at"
            maxLength={500}
            value={note.value}
            onInput={({ currentTarget }) => {
              note.value = currentTarget.value
            }}
          />
          <button
            type="button"
            onClick={() => void act('Review asked for.', askForReview(site, note.value))}
          >
            Ask for a review
          </button>
        </div>
      )}
    </section>
  )
}

interface ItemProps {
  readonly review: Review
  readonly role: Role
  readonly onJudge: (verdict: Verdict) => void
}

function ReviewItem({ review, role, onJudge }: ItemProps): JSX.Element {
  return (
    <li>
      <p>
        <span class={review.state === 'approved' ? 'badge badge-on' : 'badge'}>
          {STATES[review.state] ?? review.state}
        </span>{' '}
        {review.by}, {format.moment(review.at)}
      </p>
      {review.note && <p>{review.note}</p>}
      {review.state === 'open' && mayEdit(role) && (
        <p class="suggestions">
          {VERDICTS.map(([verdict, word]) => (
            <button key={verdict} type="button" onClick={() => onJudge(verdict)}>
              {word}
            </button>
          ))}
        </p>
      )}
    </li>
  )
}
