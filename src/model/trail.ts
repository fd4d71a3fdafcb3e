/** Why something about one page view is not as it would be if all were well. Closed, for counting. */
export type Fault =
  | 'unknown_host'
  | 'not_published'
  | 'bundle_missing'
  | 'bundle_corrupt'
  | 'bundle_format'
  | 'site_unavailable'
  | 'not_configured'
  | 'profile_timeout'
  | 'profile_unavailable'
  | 'caps_timeout'
  | 'caps_unavailable'
  | 'cookie_invalid'
  | `jwt_${string}`
  | 'render_failed'
  | 'slot_missing'
  | 'not_parsed'
  | `untouched_${string}`
  | 'failed'

/** What one page view did: I/O times and faults, for `Server-Timing` and for one log line. */
export interface Trail {
  /** Measures a wait. Clocks stand still during computation on Workers, so only I/O has a length. */
  time<T>(phase: string, work: Promise<T>): Promise<T>
  note(fault: Fault, detail?: string): void
  /** `sv;desc="…", sv-origin;dur=…` (W3C Server-Timing). */
  serverTiming(outcome: string): string
  /** Whether anything is not as it should be. */
  readonly isDegraded: () => boolean
  /** Writes the log line of a page view with faults; nothing personal is in it. */
  log(site: string): void
}

/** `clock` gives epoch ms; `write` takes one line of JSON. */
export function createTrail(clock: () => number, write: (line: string) => void): Trail {
  const phases = new Map<string, number>()
  const faults: { fault: Fault; detail?: string }[] = []
  return {
    async time(phase, work) {
      const start = clock()
      try {
        return await work
      } finally {
        phases.set(phase, clock() - start)
      }
    },
    note: (fault, detail) => void faults.push({ fault, ...(detail && { detail }) }),
    isDegraded: () => faults.length > 0,
    serverTiming(outcome) {
      const said = [outcome, ...faults.map(({ fault }) => fault)].join(' ')
      const waits = [...phases].map(([phase, ms]) => `sv-${phase};dur=${ms}`)
      return [`sv;desc="${said}"`, ...waits].join(', ')
    },
    log(site) {
      if (faults.length > 0) write(JSON.stringify({ event: 'degraded', site, faults }))
    },
  }
}
