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
  /** Ms for which it then stays open before one request may try again. */
  readonly rest: number
}

export function createBreaker({ failures, rest }: BreakerOptions): Breaker {
  let inARow = 0
  let closedAgainAt = 0
  return {
    allows(now) {
      if (inARow < failures) return true
      if (now < closedAgainAt) return false
      // This one tries; everybody else waits for what it finds.
      closedAgainAt = now + rest
      return true
    },
    succeeded() {
      inARow = 0
    },
    failed(now) {
      inARow += 1
      closedAgainAt = now + rest
    },
  }
}
