import { signal } from '@preact/signals'
import type { Kind } from '../../model/configuration.ts'
import type { Refusal } from '../call.ts'
import { call, sitePath } from '../call.ts'
import { refreshDraft } from './draft.ts'
import { deleteThing, type Thing } from './things.ts'

interface Named {
  readonly id: string
  readonly name: string
}

interface Deleted {
  readonly site: string
  readonly kind: Kind
  readonly doc: Named
}

/** What was deleted last, as long as that can be undone. */
export const deleted = signal<Deleted | null>(null)

/** Deletes a thing; null when done, else why not. */
export async function remove(
  site: string,
  kind: Kind,
  { doc, version }: Thing<Named>,
): Promise<Refusal | null> {
  const answer = await deleteThing(site, kind, doc.id, version)
  if (!answer.ok) return answer.error
  deleted.value = { site, kind, doc }
  void refreshDraft(site)
  return null
}

/** Makes again what was deleted last. */
export async function undoRemoval(): Promise<Refusal | null> {
  if (!deleted.value) return null
  const { site, kind, doc } = deleted.value
  const answer = await call('PUT', sitePath(site, kind, doc.id), doc, { 'if-none-match': '*' })
  if (!answer.ok) return answer.error
  deleted.value = null
  void refreshDraft(site)
  return null
}
