/**
 * The beacon for visitors who allow nothing to be stored: tells the edge which variants of this very page
 * were there, looked at and clicked, by the page's signed token. It reads and writes nothing in the browser,
 * and knows no identifier but the page's own, which the edge made for this one view of it.
 *
 * `<script data-sv='{"t":"<page token>","d":["hero",""],"p":"<page id>"}'>`, with marks as in `beacon.ts`.
 */

const CONTROLS = 'a,button,input,select,textarea,summary,[role=button]'

interface PageData {
  readonly t: string
  readonly d: readonly string[]
  readonly p: string
}

function start({ t: token, d: marks, p: anonymousId }: PageData): void {
  const reported = new Set<string>()

  function report(index: number, step: string): void {
    const key = index + step
    if (reported.has(key)) return
    reported.add(key)
    const event = {
      type: 'track',
      event: 'Selvedge Exposure',
      messageId: crypto.getRandomValues(new Uint32Array(4)).join('-'),
      anonymousId,
      properties: { token, index, step },
    }
    // Lost where it fails: it could only be sent again from a store.
    fetch('/_sv/v1/batch', {
      method: 'POST',
      body: JSON.stringify({ batch: [event], sentAt: new Date() }),
      keepalive: true,
    }).catch(() => undefined)
  }

  function watch(element: Element, index: number): void {
    const threshold = Math.min(0.5, innerHeight / element.clientHeight / 2) || 1
    let look: ReturnType<typeof setTimeout>
    new IntersectionObserver(
      ([entry]) => {
        clearTimeout(look)
        if (entry && entry.intersectionRatio >= threshold)
          look = setTimeout(report, 1e3, index, 'seen')
      },
      { threshold },
    ).observe(element)
  }

  const find = (mark: string) => document.querySelector(`[data-sv="${mark}"]`)

  marks.forEach((mark, index) => {
    const element = mark && find(mark)
    if (!element) return
    report(index, 'delivered')
    watch(element, index)
  })
  const look = () => {
    for (const [index, mark] of marks.entries()) if (find(mark)) report(index, 'survived')
  }
  const settle = () => setTimeout(look, 2e3)
  if (document.readyState === 'complete') settle()
  else addEventListener('load', settle)
  addEventListener(
    'click',
    ({ isTrusted, target }) => {
      if (!isTrusted || !(target instanceof Element)) return
      const mark = target.closest(CONTROLS)?.closest<HTMLElement>('[data-sv]')?.dataset.sv
      const index = marks.indexOf(mark ?? '-')
      if (index >= 0) report(index, 'clicked')
    },
    true,
  )
}

function whenShown(work: () => void): void {
  if (document.prerendering) addEventListener('prerenderingchange', work, { once: true })
  else work()
}

const data = document.currentScript?.dataset.sv
if (data) whenShown(() => start(JSON.parse(data)))

export {}
