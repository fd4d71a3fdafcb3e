import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { call, sitePath } from '../call.ts'

/** Milliseconds between two heartbeats; whoever misses two of them has left. */
const EVERY = 20_000

interface Props {
  readonly site: string
  /** What is edited: `variants/hero`. */
  readonly at: string
}

const NOBODY: readonly string[] = []

/** Who else is editing the same thing. Nothing is lost where nobody can say: saving notices it anyway. */
export function Others({ site, at }: Props): JSX.Element {
  const others = useOthers(site, at)
  return (
    <p class="others" role="status">
      {others.length > 0 && `${toWords(others)} editing this too.`}
    </p>
  )
}

function useOthers(site: string, at: string): readonly string[] {
  const [others, setOthers] = useState(NOBODY)
  useEffect(() => {
    let latest = true
    const ask = async () => {
      if (document.hidden) return
      const path = sitePath(site, 'presence')
      const answer = await call<{ others: readonly string[] }>('PUT', path, { at })
      if (latest && answer.ok) setOthers(answer.value.others)
    }
    void ask()
    const timer = setInterval(() => void ask(), EVERY)
    document.addEventListener('visibilitychange', ask)
    return () => {
      latest = false
      clearInterval(timer)
      document.removeEventListener('visibilitychange', ask)
    }
  }, [site, at])
  return others
}

function toWords(names: readonly string[]): string {
  const [first = '', ...rest] = names
  if (rest.length === 0) return `${first} is`
  return rest.length === 1
    ? `${first} and ${rest[0]} are`
    : `${first} and ${rest.length} others are`
}
