import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { Role } from '../api.ts'
import type { Refusal } from '../call.ts'
import { announce } from '../frame/announcer.tsx'
import { Notice } from '../frame/notice.tsx'
import { useLoaded } from '../loading.ts'
import { format } from '../reader.ts'
import { mayEdit } from '../session.ts'
import { cancelScheduled, listScheduled } from './api.ts'

interface Props {
  readonly site: string
  readonly role: Role
}

/** What waits for its time; nothing where nothing does. */
export function ScheduledPanel({ site, role }: Props): JSX.Element | null {
  const scheduled = useLoaded(`scheduled ${site}`, () => listScheduled(site))
  const refusal = useSignal<Refusal | null>(null)
  const items = scheduled.value?.items ?? []
  const cancel = async (id: string | number) => {
    const answer = await cancelScheduled(site, id)
    refusal.value = answer.ok ? null : answer.error
    if (answer.ok) announce('It will not be published.')
    await scheduled.reload()
  }
  if (items.length === 0) return null
  return (
    <section class="card form" aria-labelledby="scheduled-title">
      <h2 id="scheduled-title">Waits for its time</h2>
      {refusal.value && (
        <Notice tone="error" alert>
          {refusal.value.detail}
        </Notice>
      )}
      <ul class="findings">
        {items.map(({ id, at, by, note }) => (
          <li key={id}>
            <p>
              <b>{format.moment(at)}</b>, by {by} {note && `– ${note}`}
            </p>
            {mayEdit(role) && (
              <button type="button" onClick={() => void cancel(id)}>
                Call off<span class="unseen"> the publication of {format.moment(at)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
