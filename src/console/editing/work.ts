/** What somebody has written and not saved yet. */
export interface Work {
  readonly doc: unknown
  /** The version it was begun from; null for something new. */
  readonly version: number | null
  /** Epoch ms. */
  readonly at: number
}

/** Keeps unsaved work in this browser, by thing: a reload or the end of a session loses nothing. */
export interface WorkShelf {
  read(name: string): Work | null
  /** Whether it could be kept: a browser may have no room. */
  keep(name: string, work: Work): boolean
  drop(name: string): void
}

const PREFIX = 'selvedge:work:'

export function createWorkShelf(storage: Storage): WorkShelf {
  return {
    read(name) {
      try {
        return toWork(JSON.parse(storage.getItem(PREFIX + name) ?? 'null'))
      } catch {
        return null
      }
    },
    keep(name, work) {
      try {
        storage.setItem(PREFIX + name, JSON.stringify(work))
        return true
      } catch {
        return false
      }
    },
    drop(name) {
      storage.removeItem(PREFIX + name)
    },
  }
}

/** An older console may have kept something else. */
function toWork(value: unknown): Work | null {
  if (typeof value !== 'object' || value === null) return null
  if (!('doc' in value && 'version' in value && 'at' in value)) return null
  const { doc, version, at } = value
  if (typeof doc !== 'object' || doc === null || typeof at !== 'number') return null
  return typeof version === 'number' || version === null ? { doc, version, at } : null
}
