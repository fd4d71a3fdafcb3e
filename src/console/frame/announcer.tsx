import { signal } from '@preact/signals'
import type { JSX } from 'preact'

const announcement = signal('')

/** Has screen readers say a sentence when they are next idle. */
export function announce(sentence: string): void {
  announcement.value = sentence
}

/** The frame's one polite live region. */
export function Announcer(): JSX.Element {
  return (
    <p class="unseen" role="status">
      {announcement.value}
    </p>
  )
}
