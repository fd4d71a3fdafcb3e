/** Keeps requests from waiting, one after another, for something that does not answer. */
export interface Breaker {
  /** Whether to try: always while it works, once per rest while it does not. */
  allows(now: number): boolean
  succeeded(): void
  failed(now: number): void
}

interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number
  /** Ms for which they must have gone on: one of many things may fail fast while the others are well. */
  readonly lasting: number
  /** Ms for which it then stays open before one request may try again. */
  readonly rest: number
}

export function createBreaker({ failures, lasting, rest }: BreakerOptions): Breaker {
  let inARow = 0
  let since = 0
  let isOpen = false
  let closedAgainAt = 0
  return {
    allows(now) {
      if (!isOpen) return true
      if (now < closedAgainAt) return false
      // This one tries; everybody else waits for what it finds.
      closedAgainAt = now + rest
      return true
    },
    succeeded() {
      inARow = 0
      isOpen = false
    },
    failed(now) {
      inARow += 1
      if (inARow === 1) since = now
      if (inARow >= failures && now - since >= lasting) isOpen = true
      closedAgainAt = now + rest
    },
  }
}
