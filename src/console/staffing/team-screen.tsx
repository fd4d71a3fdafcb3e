import { useSignal } from '@preact/signals'
import type { JSX, TargetedSubmitEvent } from 'preact'
import { useState } from 'preact/hooks'
import type { Role } from '../api.ts'
import type { Refusal } from '../call.ts'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import { announce } from '../frame/announcer.tsx'
import { Confirm } from '../frame/confirm.tsx'
import { Heading } from '../frame/heading.tsx'
import { LoadingState } from '../frame/loading-state.tsx'
import { Notice } from '../frame/notice.tsx'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { useLoaded } from '../loading.ts'
import { listStaff, putStaff, removeStaff, type StaffMember } from './api.ts'

const ROLES: Readonly<Record<Role, string>> = {
  marketer: 'Marketer: reads',
  editor: 'Editor: makes and publishes',
  owner: 'Owner: everything, this list too',
}

const FIELDS: readonly FieldSpec<keyof StaffMember>[] = [
  { kind: 'text', name: 'subject', label: 'E-mail', max: 200 },
  {
    kind: 'choice',
    name: 'role',
    label: 'Role',
    options: Object.entries(ROLES).map(([value, label]) => ({ value, label })),
  },
  {
    ...{ kind: 'lines', name: 'sites', label: 'Sites', optional: true },
    hint: 'One id a line. Leave empty for all.',
  },
]

const NOBODY: StaffMember = { subject: '', role: 'editor' }

/** Who may do what. */
export function TeamScreen(): JSX.Element {
  const staff = useLoaded('staff', listStaff)
  const members = staff.value?.items ?? staff.value?.staff ?? []
  const [member, setMember] = useState(NOBODY)
  const [round, setRound] = useState(0)
  const refusal = useSignal<Refusal | null>(null)
  const save = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const answer = await putStaff(member)
    refusal.value = answer.ok ? null : answer.error
    if (!answer.ok) return
    announce(`${member.subject} may sign in.`)
    setMember(NOBODY)
    setRound(round + 1)
    await staff.reload()
  }
  return (
    <>
      <Heading>Team</Heading>
      <p class="hint">Who may work on the sites of this installation.</p>
      <LoadingState loaded={staff} what="team" />
      {members.length > 0 && (
        <section class="card">
          <ScrollTable label="Members and their roles">
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col">Role</th>
                <th scope="col">Sites</th>
                <th scope="col">
                  <span class="unseen">Remove</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {members.map(({ subject, role, sites }) => (
                <tr key={subject}>
                  <th scope="row">{subject}</th>
                  <td>{role}</td>
                  <td>{sites?.length ? sites.join(', ') : 'all'}</td>
                  <td>
                    <RemoveMember subject={subject} onRemoved={staff.reload} />
                  </td>
                </tr>
              ))}
            </tbody>
          </ScrollTable>
        </section>
      )}
      <form class="card form" onSubmit={save} key={round}>
        <h2>Add or change somebody</h2>
        <Fields fields={FIELDS} value={member} onChange={setMember} />
        {refusal.value && (
          <Notice tone="error" alert>
            {refusal.value.detail}
          </Notice>
        )}
        <button type="submit" class="primary">
          Save
        </button>
      </form>
    </>
  )
}

interface RemoveProps {
  readonly subject: string
  readonly onRemoved: () => Promise<void>
}

function RemoveMember({ subject, onRemoved }: RemoveProps): JSX.Element {
  const asking = useSignal(false)
  const confirm = async () => {
    const answer = await removeStaff(subject)
    if (!answer.ok) return answer.error
    announce(`${subject} is removed.`)
    await onRemoved()
    return null
  }
  return (
    <>
      <button
        type="button"
        aria-label={`Remove ${subject}`}
        onClick={() => {
          asking.value = true
        }}
      >
        Remove…
      </button>
      {asking.value && (
        <Confirm
          title={`Remove ${subject}?`}
          action="Remove"
          danger
          onConfirm={confirm}
          onClose={() => {
            asking.value = false
          }}
        >
          <p>Their sessions end within seconds.</p>
        </Confirm>
      )}
    </>
  )
}
