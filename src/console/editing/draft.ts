import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Configuration } from '../../model/configuration.ts'
import type { Refusal } from '../call.ts'
import { loseSession } from '../session.ts'
import { readConfiguration } from './things.ts'

/** A site's whole draft, as last seen. */
interface KnownDraft {
  readonly site: string
  readonly value: Configuration | null
  readonly refusal: Refusal | null
}

const known = signal<KnownDraft>({ site: '', value: null, refusal: null })

/** The site's draft for what refers to what; asked for on arrival, kept while one stays with the site. */
export function useDraft(site: string): KnownDraft {
  useEffect(() => void refreshDraft(site), [site])
  return known.value.site === site ? known.value : { site, value: null, refusal: null }
}

/** Asks for the draft again, as after something was saved. */
export async function refreshDraft(site: string): Promise<void> {
  if (known.value.site !== site) known.value = { site, value: null, refusal: null }
  const answer = await readConfiguration(site)
  if (known.value.site !== site) return
  if (answer.ok) known.value = { site, value: answer.value, refusal: null }
  else known.value = { ...known.value, refusal: answer.error }
  if (!answer.ok && answer.error.reason === 'signed-out') loseSession()
}
