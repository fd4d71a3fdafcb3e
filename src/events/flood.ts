/** Holds senders to a number of events in a span of time; forgets everybody when a new span begins. */
export interface Flood {
  /** How many of `count` more events of a sender still pass. */
  admit(sender: string, count: number, now: number): number
}

/** @param span ms */
export function createFlood({ most, span }: { most: number; span: number }): Flood {
  const sent = new Map<string, number>()
  let current = -1
  return {
    admit(sender, count, now) {
      const place = Math.floor(now / span)
      if (place !== current) sent.clear()
      current = place
      const before = sent.get(sender) ?? 0
      const admitted = Math.min(count, Math.max(0, most - before))
      sent.set(sender, before + admitted)
      return admitted
    },
  }
}
