import type { Skeleton } from '../model/skeleton.ts'
import { type Terms, varyOf } from './freshness.ts'

/** A page on the shelf. */
export interface KeptPage {
  readonly skeleton: Skeleton
  readonly terms: Terms
}

/** Pages that an isolate keeps in memory, those not asked for the longest going first. */
export interface Shelf {
  find(key: string, request: Headers): KeptPage | undefined
  /** A page too large for the shelf is not kept. */
  put(key: string, request: Headers, page: KeptPage): void
  drop(key: string, request: Headers): void
  /** Bytes that it takes, by the reckoning that is held to the bound. */
  readonly size: number
}

interface Box {
  readonly page: KeptPage
  readonly size: number
}

/** What a page takes beside its bytes: headers, places, the map's own. A guess on the safe side. */
const OVERHEAD = 4096

/** Forgetting by what a page varies costs a look at the origin. */
const MOST_VARYING = 10_000

/** No page may crowd out all others. */
const LARGEST_SHARE = 1 / 4

/** `bound` in bytes. */
export function createShelf(bound: number): Shelf {
  const boxes = new Map<string, Box>()
  /** Key → names of the headers by which its newest page varies (RFC 9111 §4.1). */
  const varies = new Map<string, readonly string[]>()
  let size = 0
  const remove = (name: string) => {
    size -= boxes.get(name)?.size ?? 0
    boxes.delete(name)
  }
  const nameOf = (key: string, request: Headers) => {
    const vary = varies.get(key) ?? []
    return vary.length === 0
      ? key
      : [key, ...vary.map((name) => request.get(name) ?? '')].join('\n')
  }
  return {
    find(key, request) {
      const name = nameOf(key, request)
      const box = boxes.get(name)
      if (!box) return undefined
      // Maps keep the order of insertion: the first is the one not asked for the longest.
      boxes.delete(name)
      boxes.set(name, box)
      return box.page
    },
    put(key, request, page) {
      const vary = varyOf(page.skeleton.headers)
      remove(nameOf(key, request))
      if (varies.size > MOST_VARYING) varies.clear()
      if (vary.length > 0) varies.set(key, vary)
      else varies.delete(key)
      const box = { page, size: page.skeleton.bytes.length + key.length + OVERHEAD }
      if (box.size > bound * LARGEST_SHARE) return
      boxes.set(nameOf(key, request), box)
      size += box.size
      for (const name of boxes.keys()) {
        if (size <= bound) break
        remove(name)
      }
    },
    drop: (key, request) => remove(nameOf(key, request)),
    get size() {
      return size
    },
  }
}
