import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Skeleton } from '../../src/model/skeleton.ts'
import { type Terms, termsOf } from '../../src/site/freshness.ts'
import { createShelf } from '../../src/site/shelf.ts'
import { DEPLOYED } from './contestants/deployed.ts'
import { type Figure, toFigure } from './figure.ts'
import { page } from './page.ts'

const PAGES = 10_000
const LENGTH = 80_000
const MEGABYTE = 2 ** 20
/** Each fills hundreds of megabytes. */
const MOST_ROUNDS = 5

/** The names of the figures that `shelfFigures` measures. */
export const SHELF_FIGURES = ['kept.memory']

/** What kept pages really take of the memory they are given, when far more come than fit. */
export async function shelfFigures(_names: readonly string[], rounds: number): Promise<Figure[]> {
  const bound = Number(DEPLOYED.vars.KEPT_PAGES_MB) * MEGABYTE
  const fillings: Filling[] = []
  for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round++)
    fillings.push(await fill(bound))
  const [{ reckoned = 0, found = 0, rss = 0 } = {}] = fillings
  return [
    toFigure(
      {
        ours: fillings.map(({ held }) => held / MEGABYTE),
        peer: fillings.map(() => bound / MEGABYTE),
      },
      {
        figure: 'kept.memory',
        goal: { sign: '<=', bound: 1 },
        unit: 'MiB',
        note: `heap and buffers that the shelf holds after ${PAGES} pages of ${LENGTH / 1000} kB, counted in Node after a collection, against KEPT_PAGES_MB; it kept the newest ${found}, ${(reckoned / MEGABYTE).toFixed(1)} MiB by its own reckoning; resident memory of the first round rose by ${(rss / MEGABYTE).toFixed(0)} MiB, what was not collected yet included`,
      },
    ),
  ]
}

interface Filling {
  /** Bytes that go when the shelf goes. */
  readonly held: number
  readonly reckoned: number
  readonly rss: number
  /** Pages still there. */
  readonly found: number
}

async function fill(bound: number): Promise<Filling> {
  const content = Buffer.from(page()).subarray(0, LENGTH)
  const before = await memory()
  const shelf = createShelf(bound)
  for (let n = 0; n < PAGES; n++) {
    const skeleton = createSkeleton(content, n)
    shelf.put(keyOf(n), new Headers(), { skeleton, terms: termsFor(skeleton.headers) })
  }
  const rss = process.memoryUsage().rss - before.rss
  const held = (await memory()).held - before.held
  const numbers = Array.from({ length: PAGES }, (_, n) => n)
  const found = numbers.filter((n) => shelf.find(keyOf(n), new Headers())).length
  if (!shelf.find(keyOf(PAGES - 1), new Headers())) throw new Error('the newest page is not kept')
  return { held, reckoned: shelf.size, rss, found }
}

const keyOf = (n: number) => `${'0'.repeat(64)}\nhttps://shop.example/products/${n}`

/** As a view leaves it: bytes and headers of its own, and the places of three slots. */
function createSkeleton(content: Uint8Array, n: number): Skeleton {
  const headers = new Headers({
    'cache-control': 'public, max-age=3600',
    'content-type': 'text/html; charset=utf-8',
    date: new Date(0).toUTCString(),
    etag: `"shop-${n}"`,
    server: 'shop',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
  })
  const places = ['promo', 'hero', 'picks'].map((slot, place) => {
    const before = 10_000 * (place + 1) + n
    return { slot, before, start: before + 40, end: before + 400, after: before + 410 }
  })
  const sightings = Object.fromEntries(places.map(({ slot }) => [slot, { matches: 1 }]))
  const outline = { places, sightings, script: { kind: 'external' }, takesMarkup: true } as const
  return { bytes: new Uint8Array(content), headers, outline }
}

function termsFor(headers: Headers): Terms {
  const terms = termsOf(headers, Date.now())
  if (typeof terms === 'string') throw new Error(`a page of the bench cannot be kept: ${terms}`)
  return terms
}

/** Buffers found free are given back by another thread, a moment after the collection. */
const SWEEP_MS = 50

/** Bytes in use after a full collection. */
async function memory(): Promise<{ held: number; rss: number }> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  for (let n = 0; n < 3; n++) {
    collect()
    await wait(SWEEP_MS)
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { held: heapUsed + external, rss }
}
