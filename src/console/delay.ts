/** Milliseconds between two answers: as fresh as the board itself, which follows within 5 s. */
const INTERVAL = 5_000

/** Milliseconds between tries at most, once the server stays away. */
const LONGEST = 60_000

/** Milliseconds to wait before the next call, after so many failures in a row. */
export function toDelay(failures: number): number {
  return Math.min(LONGEST, INTERVAL * 2 ** Math.max(0, failures - 1))
}
