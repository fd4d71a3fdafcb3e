import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { Kind } from '../../model/configuration.ts'
import type { Refusal } from '../call.ts'
import { announce } from '../frame/announcer.tsx'
import { Confirm } from '../frame/confirm.tsx'
import { KIND_WORDS } from '../kinds.ts'
import { toHash } from '../route.ts'
import { remove } from './deleted.ts'
import type { Thing } from './things.ts'

interface Props {
  readonly site: string
  readonly kind: Kind
  readonly thing: Thing<{ readonly id: string; readonly name: string }>
}

/** Deletes what is open; the list that follows offers to undo it. */
export function DeleteThing({ site, kind, thing }: Props): JSX.Element {
  const asking = useSignal(false)
  const { one } = KIND_WORDS[kind]
  const name = thing.doc.name || thing.doc.id
  const confirm = async () => {
    const refusal = await remove(site, kind, thing)
    if (refusal) return withUses(refusal)
    announce(`“${name}” is deleted.`)
    location.hash = toHash({ screen: 'things', site, kind })
    return null
  }
  return (
    <>
      <button
        type="button"
        class="danger-quiet"
        onClick={() => {
          asking.value = true
        }}
      >
        Delete {one}…
      </button>
      {asking.value && (
        <Confirm
          title={`Delete “${name}”?`}
          action="Delete"
          danger
          onConfirm={confirm}
          onClose={() => {
            asking.value = false
          }}
        >
          <p>It goes from the draft. Visitors notice nothing until that is published.</p>
        </Confirm>
      )}
    </>
  )
}

/** Who still uses it belongs to why it cannot go. */
function withUses(refusal: Refusal): Refusal {
  if (refusal.reason !== 'refused' || !refusal.mistakes?.length) return refusal
  const uses = refusal.mistakes.map(({ detail }) => detail).join(' ')
  return { ...refusal, detail: `${refusal.detail} ${uses}` }
}
