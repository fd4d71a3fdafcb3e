import type { Step } from '../model/event.ts'
import type { Attribution, Rung } from '../model/experience.ts'
import { type Account, NEW_ACCOUNT } from './account.ts'

/** An account as it is stored: JSON without names, as there are many of them. */
type Stored = readonly [
  settled: readonly (readonly [string, number, string, number, number, number, number, boolean])[],
  touches: readonly (readonly [string, number, string, Step, number, number])[],
  credits: readonly (readonly [
    ...[string, number, number, number, number, Attribution, Rung],
    ...[string?],
  ])[],
]

export function toText({ settled, touches, credits }: Account): string {
  const stored: Stored = [
    settled.map((r) => [
      ...([r.arm, r.version, r.segment, r.window] as const),
      ...([r.firstAt, r.lastAt, r.steps, r.rewarded] as const),
    ]),
    touches.map((t) => [t.arm, t.version, t.segment, t.step, t.at, t.window]),
    credits.map((c) => [
      ...([c.id, c.at, c.value, c.window, c.after, c.attribution, c.rung] as const),
      ...(c.arm === undefined ? ([] as const) : ([c.arm] as const)),
    ]),
  ]
  return JSON.stringify(stored)
}

export function fromText(text: string | undefined): Account {
  if (text === undefined) return NEW_ACCOUNT
  const [settled, touches, credits]: Stored = JSON.parse(text)
  return {
    settled: settled.map(([arm, version, segment, window, firstAt, lastAt, steps, rewarded]) => ({
      ...{ arm, version, segment, window, firstAt, lastAt, steps, rewarded },
    })),
    touches: touches.map(([arm, version, segment, step, at, window]) => ({
      ...{ arm, version, segment, step, at, window },
    })),
    credits: credits.map(([id, at, value, window, after, attribution, rung, arm]) => ({
      ...{ id, at, value, window, after, attribution, rung },
      ...(arm !== undefined && { arm }),
    })),
  }
}
