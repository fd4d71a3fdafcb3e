import { type ReadonlySignal, signal } from '@preact/signals'
import type { Answer, Refusal } from './call.ts'
import { toDelay } from './delay.ts'
import { loseSession } from './session.ts'

/** What is known of something that is asked for again and again. */
export interface Polled<T> {
  /** The newest answer; kept while later calls fail. */
  readonly value: T | null
  /** Why the newest call failed; null when it did not. */
  readonly refusal: Refusal | null
  /** Epoch ms of the newest answer. */
  readonly at: number
}

export interface Poll<T> {
  readonly state: ReadonlySignal<Polled<T>>
  /** Asks now. */
  refresh(): Promise<void>
  /** Replaces the value by what is known better; a call under way no longer counts. */
  put(value: T): void
  /** Keeps asking until the returned function is called. */
  start(): () => void
}

/** The reader holds the figures still (WCAG 2.2.2). */
export const paused = signal(false)

/** Asks `load` every few seconds while the page is visible, not paused, and the network is there. */
export function createPoll<T>(load: () => Answer<T>): Poll<T> {
  const unknown: Polled<T> = { value: null, refusal: null, at: 0 }
  const state = signal(unknown)
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let latest = 0
  let running = false

  async function refresh(): Promise<void> {
    clearTimeout(timer)
    latest += 1
    const call = latest
    const answer = await load()
    if (call !== latest) return
    failures = answer.ok ? 0 : failures + 1
    if (answer.ok) put(answer.value)
    else state.value = { ...state.value, refusal: answer.error }
    if (!answer.ok && answer.error.reason === 'signed-out') loseSession()
    schedule()
  }

  function put(value: T): void {
    latest += 1
    state.value = { value, refusal: null, at: Date.now() }
    schedule()
  }

  function schedule(): void {
    clearTimeout(timer)
    if (!running || paused.value || document.hidden) return
    timer = setTimeout(() => void refresh(), toDelay(failures))
  }

  function wake(): void {
    if (document.hidden || paused.value) clearTimeout(timer)
    else void refresh()
  }

  function start(): () => void {
    running = true
    // Whoever was signed in before may have seen more than who is now.
    state.value = unknown
    void refresh()
    const unsubscribe = subscribeToPause(wake)
    document.addEventListener('visibilitychange', wake)
    addEventListener('online', wake)
    return () => {
      running = false
      latest += 1
      clearTimeout(timer)
      unsubscribe()
      document.removeEventListener('visibilitychange', wake)
      removeEventListener('online', wake)
    }
  }

  return { state, refresh, put, start }
}

/** Calls `wake` when pausing begins or ends, not at once as a plain subscription would. */
function subscribeToPause(wake: () => void): () => void {
  let initial = true
  return paused.subscribe(() => {
    if (!initial) wake()
    initial = false
  })
}
