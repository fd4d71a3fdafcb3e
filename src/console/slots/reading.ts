import type { SlotHealth } from '../../model/slot-health.ts'

/** How a slot is doing in plain words, and whether somebody has to look after it. */
export interface SlotReading {
  readonly tone: 'good' | 'warning'
  readonly words: string
}

/** Reads one slot's last hour. */
export function readSlot({ pages, missing, repeated, framework }: SlotHealth): SlotReading {
  if (pages > 0 && missing === pages) {
    return { tone: 'warning', words: 'Not found on any page: the site may have changed.' }
  }
  if (missing > 0) return { tone: 'warning', words: 'Missing on some pages.' }
  if (framework !== '') {
    return {
      tone: 'warning',
      words: `Inside a ${framework} root: the browser builds it again and may undo what is inserted.`,
    }
  }
  if (repeated > 0) {
    return { tone: 'warning', words: 'Several elements match on some pages; the first is used.' }
  }
  return { tone: 'good', words: 'Found on every page.' }
}
