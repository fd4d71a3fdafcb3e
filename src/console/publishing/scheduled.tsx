import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { type Answer, call, type Refusal, sitePath } from '../call.ts'
import { announce } from '../frame/announcer.tsx'
import { Notice } from '../frame/notice.tsx'
import type { Loaded } from '../loading.ts'
import { format } from '../reader.ts'

/** Something that goes live at a time. */
export interface Scheduled {
  readonly id: number
  /** Epoch ms. */
  readonly at: number
  readonly note: string
  readonly by: string
  readonly state: 'waiting' | 'done' | 'failed' | 'cancelled'
  /** Why it failed. */
  readonly detail?: string
}

export function listScheduled(site: string): Answer<{ readonly items: readonly Scheduled[] }> {
  return call('GET', sitePath(site, 'scheduled'))
}

interface Props {
  readonly site: string
  readonly loaded: Loaded<{ readonly items: readonly Scheduled[] }>
  readonly mayCancel: boolean
}

/** What goes live by itself, and what could not. */
export function ScheduledList({ site, loaded, mayCancel }: Props): JSX.Element | null {
  const refusal = useSignal<Refusal | null>(null)
  const shown = loaded.value?.items.filter(({ state }) => state === 'waiting' || state === 'failed')
  if (!shown || shown.length === 0) return null
  const cancel = async (id: number) => {
    const answer = await call<null>('DELETE', sitePath(site, 'scheduled', String(id)))
    refusal.value = answer.ok ? null : answer.error
    if (answer.ok) announce('It is called off.')
    await loaded.reload()
  }
  return (
    <section class="card form" aria-labelledby="scheduled-title">
      <h2 id="scheduled-title">Goes live by itself</h2>
      {refusal.value && (
        <Notice tone="error" alert>
          {refusal.value.detail}
        </Notice>
      )}
      <ul class="findings">
        {shown.map(({ id, at, note, by, state, detail }) => (
          <li key={id}>
            <b>
              <time dateTime={new Date(at).toISOString()}>{format.moment(at)}</time>
            </b>{' '}
            <span class="hint">
              {state === 'failed' ? 'could not be published' : 'as it was drafted'} · by {by}
            </span>
            {note && <p>{note}</p>}
            {detail && <p>{detail}</p>}
            {mayCancel && state === 'waiting' && (
              <button type="button" onClick={() => void cancel(id)}>
                Call off<span class="unseen"> what goes live {format.moment(at)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
