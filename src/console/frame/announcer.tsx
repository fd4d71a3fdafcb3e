import { signal } from '@preact/signals'
import type { JSX } from 'preact'

/** Milliseconds after which an announcement is gone, so that nobody reads old news. */
const LASTING = 10_000

const announcement = signal('')

let timer: ReturnType<typeof setTimeout> | undefined

/** Has screen readers say a sentence when they are next idle. */
export function announce(sentence: string): void {
  announcement.value = sentence
  clearTimeout(timer)
  timer = setTimeout(() => {
    announcement.value = ''
  }, LASTING)
}

/** The frame's one polite live region. */
export function Announcer(): JSX.Element {
  return (
    <p class="unseen" role="status">
      {announcement.value}
    </p>
  )
}
