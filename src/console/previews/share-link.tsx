import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Refusal } from '../call.ts'
import { announce } from '../frame/announcer.tsx'
import { Notice } from '../frame/notice.tsx'
import { format } from '../reader.ts'
import { loseSession } from '../session.ts'
import { makePreview, type PreviewLink, type PreviewWish } from './api.ts'

interface Props {
  readonly site: string
  readonly wish: Omit<PreviewWish, 'minutes'>
}

const LASTING: readonly (readonly [minutes: number, label: string])[] = [
  [60, 'an hour'],
  [24 * 60, 'a day'],
  [7 * 24 * 60, 'a week'],
]

/** A link for those who have no way into the console. */
export function ShareLink({ site, wish }: Props): JSX.Element {
  const [minutes, setMinutes] = useState(24 * 60)
  const link = useSignal<PreviewLink | null>(null)
  const refusal = useSignal<Refusal | null>(null)
  const make = async () => {
    const answer = await makePreview(site, { ...wish, minutes })
    link.value = answer.ok ? answer.value : null
    refusal.value = answer.ok ? null : answer.error
    if (!answer.ok && answer.error.reason === 'signed-out') loseSession()
    if (answer.ok) announce('The link is made.')
  }
  const copy = async () => {
    await navigator.clipboard.writeText(link.value?.url ?? '')
    announce('The link is copied.')
  }
  return (
    <section class="card form" aria-labelledby="share-title">
      <h2 id="share-title">A link for others</h2>
      <p class="hint">
        Whoever has it sees this page as above, under a banner that says so, until it expires.
      </p>
      <div class="picker-bar">
        <label for="share-minutes">Good for</label>
        <select
          id="share-minutes"
          value={minutes}
          onChange={({ currentTarget }) => setMinutes(Number(currentTarget.value))}
        >
          {LASTING.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <button type="button" onClick={() => void make()}>
          Make a link
        </button>
      </div>
      {refusal.value && (
        <Notice tone="error" alert>
          {refusal.value.detail}
        </Notice>
      )}
      {link.value && (
        <div class="picker-bar">
          <input aria-label="Preview link" class="code" readOnly value={link.value.url} />
          <button type="button" onClick={() => void copy()}>
            Copy
          </button>
          <a href={link.value.url} target="_blank" rel="noreferrer">
            Open
          </a>
          <span class="hint">until {format.moment(link.value.expiresAt)}</span>
        </div>
      )}
    </section>
  )
}
