import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { announce } from '../frame/announcer.tsx'
import { Notice } from '../frame/notice.tsx'
import type { Polled } from '../poll.ts'
import { format } from '../reader.ts'

interface Props<T> {
  readonly polled: Polled<T>
  /** What is being shown, in the plural: `sites`. */
  readonly what: string
  readonly retry: () => Promise<void>
}

/** Says that something is still loading, cannot be had, or is older than it looks. */
export function Staleness<T>({ polled, what, retry }: Props<T>): JSX.Element | null {
  const { value, refusal, at } = polled
  useAnnounced(refusal !== null, what)
  if (refusal === null) return value === null ? <p class="loading">Loading {what}…</p> : null
  return (
    <Notice tone={value === null ? 'error' : 'warning'}>
      <p>
        {refusal.detail}{' '}
        {value !== null && `These ${what} are from ${format.time(at)}; trying again.`}
      </p>
      <button type="button" onClick={() => void retry()}>
        Try again
      </button>
    </Notice>
  )
}

/** Tells when refreshing stops and when it works again. */
function useAnnounced(stale: boolean, what: string): void {
  const before = useRef(false)
  useEffect(() => {
    if (stale) announce(`The ${what} cannot be refreshed right now.`)
    else if (before.current) announce(`The ${what} are current again.`)
    before.current = stale
  }, [stale, what])
}
