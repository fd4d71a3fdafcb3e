import { type PickedElement, selectorsFor } from './selectors.ts'

/** What the console is told when an element is picked. */
export interface Picked {
  readonly kind: 'picked'
  /** Most robust first; empty where nothing would find it again. */
  readonly selectors: readonly string[]
  readonly tag: string
  /** The beginning of its text. */
  readonly text: string
}

/** Where the console is: the only one that is told anything, and believed. */
const home = document.currentScript?.dataset.console ?? ''

let current: Element | null = null

const frame = document.createElement('div')
const label = document.createElement('div')

/** Styles by script: the page's policy need not allow any. */
function dress(): void {
  Object.assign(frame.style, {
    ...{ position: 'fixed', zIndex: '2147483646', pointerEvents: 'none', display: 'none' },
    ...{ outline: '3px solid #7a3fb5', background: 'rgb(122 63 181 / 15%)', borderRadius: '2px' },
  })
  Object.assign(label.style, {
    ...{ position: 'fixed', zIndex: '2147483647', pointerEvents: 'none', display: 'none' },
    ...{ font: '600 12px/1.4 ui-monospace, monospace', color: '#fff', background: '#5b2a86' },
    ...{ padding: '2px 6px', borderRadius: '2px', maxWidth: '90vw' },
  })
  document.documentElement.append(frame, label)
  // Elements are gone through by keys as well.
  document.body.tabIndex = -1
}

function point(element: Element | null): void {
  current = element
  const shown = element === null ? 'none' : 'block'
  frame.style.display = shown
  label.style.display = shown
  if (element === null) return
  const { left, top, width, height } = element.getBoundingClientRect()
  Object.assign(frame.style, toPixels({ left, top, width, height }))
  Object.assign(label.style, toPixels({ left: Math.max(0, left), top: Math.max(0, top - 22) }))
  label.textContent = candidatesFor(element)[0] ?? `${element.localName} (cannot be named)`
}

function toPixels(places: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(places).map(([name, value]) => [name, `${value}px`]))
}

function candidatesFor(element: Element): readonly string[] {
  return selectorsFor(lineOf(element), (selector) => document.querySelectorAll(selector).length)
}

/** The element and what it stands in, but for the whole page. */
function lineOf(element: Element): readonly PickedElement[] {
  const line: PickedElement[] = []
  for (
    let place: Element | null = element;
    place && place !== document.documentElement;
    place = place.parentElement
  ) {
    line.push(toPicked(place))
  }
  return line
}

function toPicked(element: Element): PickedElement {
  const siblings = [...(element.parentElement?.children ?? [])]
  const same = siblings.filter(({ localName }) => localName === element.localName)
  return {
    tag: element.localName,
    id: element.id,
    classes: [...element.classList],
    attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
    nth: same.indexOf(element) + 1,
  }
}

function pick(): void {
  if (current === null) return
  const text = (current.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 80)
  const picked: Picked = {
    ...{ kind: 'picked', selectors: candidatesFor(current), tag: current.localName, text },
  }
  parent.postMessage(picked, home)
}

/** Along the page's tree, as far as there is something. */
const STEPS: Readonly<Record<string, (element: Element) => Element | null>> = {
  ArrowUp: (element) =>
    element.parentElement === document.documentElement ? null : element.parentElement,
  ArrowDown: (element) => element.firstElementChild,
  ArrowLeft: (element) => element.previousElementSibling,
  ArrowRight: (element) => element.nextElementSibling,
}

function onKey(event: KeyboardEvent): void {
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault()
    pick()
    return
  }
  const step = STEPS[event.key]
  if (!step) return
  event.preventDefault()
  const next = current === null ? document.body.firstElementChild : step(current)
  if (next === null) return
  next.scrollIntoView({ block: 'nearest' })
  point(next)
}

/** Nothing on the page may be followed, sent or opened: a click picks. */
function onClick(event: MouseEvent): void {
  event.preventDefault()
  event.stopPropagation()
  if (event.target instanceof Element) point(event.target)
  pick()
}

function begin(): void {
  dress()
  addEventListener('click', onClick, true)
  addEventListener('submit', (event) => event.preventDefault(), true)
  addEventListener('keydown', onKey, true)
  addEventListener(
    'pointerover',
    ({ target }) =>
      point(target instanceof Element && target !== document.documentElement ? target : null),
    true,
  )
  addEventListener('scroll', () => point(current), { passive: true, capture: true })
  parent.postMessage({ kind: 'ready' }, home)
}

if (home !== '' && parent !== window) begin()
