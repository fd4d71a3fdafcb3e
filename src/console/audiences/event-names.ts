import type { Configuration } from '../../model/configuration.ts'
import { toKey } from '../../model/subject.ts'

/** Events of the Segment spec that shops and their like track. */
const USUAL = ['Page Viewed', 'Product Viewed', 'Product Added', 'Order Completed', 'Signed Up']

/** Names of events as rules write them: those the draft speaks of, and the usual ones. */
export function eventNamesOf(draft: Configuration | null): readonly string[] {
  const spoken = [
    ...(draft?.counters.map(({ event }) => event) ?? []),
    ...(draft?.goals.flatMap((goal) => (goal.kind === 'event' ? [goal.event] : [])) ?? []),
    ...namesIn(draft?.audiences.map(({ condition }) => condition)),
  ]
  return [...new Set([...spoken, ...USUAL].map(toKey))].sort()
}

/** Names of events in the paths of conditions. */
function namesIn(value: unknown): string[] {
  const paths = JSON.stringify(value ?? null).matchAll(/"profile\.events\.([a-z0-9_]+)\./g)
  return [...paths].map(([, name = '']) => name)
}
