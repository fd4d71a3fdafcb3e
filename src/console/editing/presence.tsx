import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Kind } from '../../model/configuration.ts'
import { call, sitePath } from '../call.ts'

interface Props {
  readonly site: string
  readonly kind: Kind
  readonly id: string
}

/** Milliseconds between two signs of life; the server forgets who is silent for 45 s. */
const BEAT = 20_000

/** Who else is editing this right now. Only a courtesy: where it cannot be had, nothing is said. */
export function Presence({ site, kind, id }: Props): JSX.Element | null {
  const [others, setOthers] = useState<readonly string[]>([])
  useEffect(() => {
    let here = true
    const beat = async () => {
      if (document.hidden) return
      const answer = await call<unknown>('PUT', sitePath(site, 'presence', kind, id))
      if (here) setOthers(answer.ok ? toOthers(answer.value) : [])
    }
    void beat()
    const timer = setInterval(() => void beat(), BEAT)
    return () => {
      here = false
      clearInterval(timer)
    }
  }, [site, kind, id])
  if (others.length === 0) return null
  return (
    <span class="badge badge-warn" role="status">
      Also editing: {others.join(', ')}
    </span>
  )
}

function toOthers(value: unknown): readonly string[] {
  const others = typeof value === 'object' && value !== null ? Reflect.get(value, 'others') : null
  return Array.isArray(others) ? others.filter((name) => typeof name === 'string') : []
}
