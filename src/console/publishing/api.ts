import type { Configuration } from '../../model/configuration.ts'
import { type Answer, call, type Mistake, sitePath } from '../call.ts'
import type { Page } from '../editing/things.ts'

/** Experiences that want one slot at a time. */
export interface Collision {
  readonly slot: string
  readonly experiences: readonly string[]
  readonly winner: string | null
  /** A sentence that says who wins, and why. */
  readonly detail: string
}

export interface CheckReport {
  readonly problems: readonly Mistake[]
  readonly warnings: readonly Mistake[]
  readonly collisions: readonly Collision[]
}

/** One field that differs, and what that means. */
export interface FieldDifference {
  readonly pointer: string
  readonly sentence: string
}

export interface Difference {
  readonly kind: string
  readonly id: string
  readonly name: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly fields: readonly FieldDifference[]
}

export interface Publication {
  readonly seq: number
  readonly hash: string
  /** Epoch ms. */
  readonly at: number
  readonly by: string
  readonly note: string | null
  readonly current: boolean
}

export function checkDraft(site: string): Answer<CheckReport> {
  return call('POST', sitePath(site, 'check'))
}

export function readDifferences(
  site: string,
  from: 'draft' | number,
  to: 'draft' | number,
): Answer<{ readonly differences: readonly Difference[] }> {
  return call('GET', `${sitePath(site, 'differences')}?from=${from}&to=${to}`)
}

export interface PublishWish {
  readonly note?: string
  /** ISO 8601; at once unless given. */
  readonly at?: string
}

export function publishDraft(site: string, wish: PublishWish): Answer<unknown> {
  return call('POST', sitePath(site, 'publish'), wish)
}

export function listPublications(site: string, cursor?: string): Answer<Page<Publication>> {
  const query = new URLSearchParams({ limit: '20', ...(cursor && { cursor }) })
  return call('GET', `${sitePath(site, 'publications')}?${query}`)
}

export function restorePublication(site: string, seq: number, note: string): Answer<unknown> {
  const body = note === '' ? {} : { note }
  return call('POST', sitePath(site, 'publications', String(seq), 'restore'), body)
}

export function readPublished(site: string, seq: number): Answer<Configuration> {
  return call('GET', sitePath(site, 'publications', String(seq), 'configuration'))
}
