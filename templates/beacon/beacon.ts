/**
 * The beacon: tells the edge what became of the variants on a page and what the visitor did there.
 * It is put at the document's end where consent allows measurement, as
 * `<script data-sv='{"t":"<page token>","d":["hero","benefits.2",""]}'>`: `d[i]` is the mark of
 * exposure `i`, whose root element carries `data-sv="<mark>"`; `""` is a holdout, without element.
 *
 * Every event is written to localStorage before it is sent and taken out once the edge has answered,
 * so a lost batch is sent again under the same `messageId`s. Sent: paths and marks. Never sent:
 * titles, query strings, or what is typed. Built without dependencies to at most 1,536 bytes gzipped.
 */

declare global {
  interface Document {
    /** Not in the DOM library yet: https://wicg.github.io/nav-speculation/prerendering.html */
    readonly prerendering?: boolean
  }
  interface Window {
    /** The API; before the beacon has loaded, a plain array of calls made to it. */
    selvedge?: Selvedge | (Call[] & { readonly expose?: undefined })
  }
}

type Method = 'track' | 'identify' | 'page' | 'expose'
type Call = readonly [method: Method, first?: unknown, second?: unknown]
type Step = 'delivered' | 'survived' | 'seen' | 'clicked'
/** The mark of an element, or the index of a holdout, which has none. */
type Mark = string | number | undefined
type Timer = ReturnType<typeof setTimeout>

/**
 * `track(event, properties)`, `identify(userId, traits)`, `page()`; `expose(payload)` is how a second copy of
 * this script hands over its token and marks.
 */
interface Selvedge extends Record<Method, (first?: unknown, second?: unknown) => void> {
  /** Makes a call by name, so that `(window.selvedge ||= []).push(['track', …])` works at any time. */
  push(call: Call): void
}

/** What the queue needs to know of an event. */
interface Queued {
  readonly messageId: string
  readonly timestamp: string
}

interface Exposure {
  readonly token: string
  readonly index: number
}

/**
 * The edge takes bodies of 64 KiB, and each step of an exposure carries the page's token: some 4 kB
 * where the page has a list of 50 offers.
 */
const MAX_BATCH = 12
/** Events that wait in the page, and of those in storage. */
const MAX_QUEUE = 200
const MAX_STORED = 50
const MAX_AGE = 864e5
const CONTROLS = 'a,button,input,select,textarea,summary,[role=button]'

let queue: Queued[] = []
const exposures = new Map<Mark, Exposure>()
const reported: Record<string, unknown> = {}
const watches: (() => void)[] = []
let timer: Timer | 0 = 0
let failures = 0
let path = ''

function add(type: string, fields: object): void {
  try {
    // Copied at once: the caller may change its object, and what JSON refuses must not block a batch.
    const event = {
      type,
      // 128 random bits; `randomUUID` is missing where the page is not a secure context.
      messageId: crypto.getRandomValues(new Uint32Array(4)).join('-'),
      timestamp: new Date(),
      ...fields,
    }
    queue.push(JSON.parse(JSON.stringify(event)))
    schedule()
  } catch {}
}

function track(event: unknown, properties?: unknown): void {
  add('track', { event, properties })
}

function page(): void {
  path = location.pathname
  const category = document.querySelector<HTMLMetaElement>('meta[name="sv:category"]')?.content
  add('page', { properties: { path, category } })
}

function view(): void {
  if (path !== location.pathname) page()
}

/** A path must stand for a moment: a client-side redirect is one view, the new head is in place. */
function navigate(): void {
  setTimeout(view, 200)
}

/** Unanswered events of all tabs, without those of `batch`. */
function others(batch: readonly Queued[]): Queued[] {
  try {
    const events: Queued[] = JSON.parse(localStorage.selvedge)
    return events.filter(
      (event) =>
        Date.parse(event.timestamp) > Date.now() - MAX_AGE &&
        batch.every((own) => own.messageId !== event.messageId),
    )
  } catch {
    return []
  }
}

function store(events: readonly Queued[]): void {
  try {
    localStorage.selvedge = JSON.stringify(events.slice(-MAX_STORED))
  } catch {}
}

/** After as many seconds as the edge asked for, if it did. */
function schedule(seconds?: unknown): void {
  timer ||= setTimeout(flush, Number(seconds) * 1e3 || 200 * 4 ** failures)
}

async function flush(): Promise<void> {
  clearTimeout(timer)
  timer = 0
  if (document.prerendering) return
  view()
  const batch = queue.splice(0, MAX_BATCH)
  if (!batch[0]) return
  if (queue[0]) flush()
  store(others(batch).concat(batch))
  try {
    const { status, headers } = await fetch('/_sv/v1/batch', {
      method: 'POST',
      body: JSON.stringify({ batch, sentAt: new Date() }),
      // Browsers refuse more than 64 KiB in flight with keepalive; what failed once is stored anyway.
      keepalive: !failures,
    })
    // 429 and 5xx: it may be taken later. What else is refused stays so.
    if (status > 428) throw headers.get('retry-after')
    failures = 0
    store(others(batch))
  } catch (seconds) {
    // Batches that fail together are one failure.
    if (!timer && failures < 6) failures++
    queue = batch.concat(queue).slice(-MAX_QUEUE)
    schedule(seconds)
  }
}

function report(mark: Mark, step: Step): void {
  const exposure = exposures.get(mark)
  const key = exposure && exposure.token + exposure.index + step
  if (!key || reported[key]) return
  reported[key] = step
  track('Selvedge Exposure', { ...exposure, step })
}

/** Looks again by mark, not by node: hydration may have put an equal element in place of ours. */
function scan(settled?: boolean): void {
  for (const stop of watches.splice(0)) stop()
  for (const element of document.querySelectorAll<HTMLElement>('[data-sv]')) {
    const mark = element.dataset.sv
    report(mark, 'delivered')
    if (settled) report(mark, 'survived')
    if (!document.hidden) watch(element, mark)
  }
}

function watch(element: Element, mark: Mark): void {
  try {
    let look: Timer
    // Half of the element or, where it is higher than the view, as much of it as fills half the view.
    const threshold = Math.min(0.5, innerHeight / element.clientHeight / 2) || 1
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          clearTimeout(look)
          if (entry.intersectionRatio >= threshold) look = setTimeout(report, 1e3, mark, 'seen')
        }
      },
      { threshold },
    )
    observer.observe(element)
    watches.push(() => {
      observer.disconnect()
      clearTimeout(look)
    })
  } catch {}
}

function expose(payload: unknown): void {
  view()
  const { t: token, d: marks }: { t: string; d: string[] } = JSON.parse(`${payload}`)
  marks.forEach((mark, index) => {
    exposures.set(mark || index, { token, index })
    if (!mark) report(index, 'delivered')
  })
  scan()
  if (document.readyState === 'complete') settle()
}

function settle(): void {
  setTimeout(scan, 2e3, true)
}

function act({ isTrusted, target, type }: Event): void {
  // Scripts click too, as carousels do; a visitor's events are trusted and fall on an element.
  if (!(isTrusted && target instanceof Element)) return
  report(target.closest(CONTROLS)?.closest<HTMLElement>('[data-sv]')?.dataset.sv, 'clicked')
  const goal = target.closest<HTMLElement>(
    type === 'submit' ? 'form[data-goal]' : '[data-goal]:not(form)',
  )?.dataset
  if (goal)
    track(goal.goal, {
      value: goal.goalValue && +goal.goalValue,
      category: goal.goalCategory,
    })
  flush()
}

function turn(): void {
  scan(document.hidden && document.readyState === 'complete')
  flush()
}

function start(): void {
  addEventListener('click', act, true)
  addEventListener('submit', act, true)
  addEventListener('pagehide', turn)
  addEventListener('visibilitychange', turn)
  addEventListener('popstate', navigate)
  // Follows `load`, and comes back alone when the page is restored from the back/forward cache.
  addEventListener('pageshow', (event) => (event.persisted ? page : settle)())
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name]
    history[name] = (...args) => {
      navigate()
      original.apply(history, args)
    }
  }
  queue.push(...others([]))
  api.push(['expose', payload])
}

const api: Selvedge = {
  track,
  identify: (userId, traits) => add('identify', { userId, traits }),
  page,
  expose,
  push(call) {
    try {
      api[call[0]](call[1], call[2])
    } catch {}
  },
}

const payload =
  document.currentScript?.dataset.sv ??
  document.querySelector<HTMLElement>('script[data-sv]')?.dataset.sv
const before = window.selvedge

if (before?.expose) before.push(['expose', payload])
else {
  window.selvedge = api
  if (document.prerendering) addEventListener('prerenderingchange', start, true)
  else start()
  before?.forEach?.(api.push)
}

export {}
