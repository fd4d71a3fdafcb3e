import type { Readable, Subject } from '../src/model/subject.ts'
import { toSubject } from '../src/visitor/consent.ts'

/** A subject of what is written down, through the gate like any other. */
export function throughGate({ signals, visitor, profile }: Readable): Subject {
  return toSubject(signals, { id: 'weur-1-written-down', ...visitor }, profile)
}
