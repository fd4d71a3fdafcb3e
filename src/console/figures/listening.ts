import { type ReadonlySignal, signal } from '@preact/signals'
import type { News } from '../../model/live.ts'
import { API, sitePath } from '../call.ts'
import { toDelay } from '../delay.ts'
import { hear } from './live.ts'

export type Hearing = 'off' | 'connecting' | 'listening' | 'lost'

/** What one listens to, and what was heard. */
export interface Live {
  readonly hearing: ReadonlySignal<Hearing>
  /** The newest last; epoch ms by the reader's own clock. */
  readonly heard: ReadonlySignal<readonly News[]>
  start(): void
  stop(): void
}

/** Listens to what is counted of an experience, and comes back where the line is cut. */
export function createLive(site: string, experience: string): Live {
  const hearing = signal<Hearing>('off')
  const heard = signal<readonly News[]>([])
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0

  function start(): void {
    clearTimeout(timer)
    hearing.value = 'connecting'
    const line = new WebSocket(addressOf(site, experience))
    socket = line
    line.onopen = () => {
      failures = 0
      hearing.value = 'listening'
    }
    line.onmessage = ({ data }) => {
      heard.value = hear(heard.value, JSON.parse(String(data)), Date.now())
    }
    line.onclose = () => {
      if (socket !== line) return
      failures += 1
      hearing.value = 'lost'
      timer = setTimeout(start, toDelay(failures))
    }
  }

  function stop(): void {
    clearTimeout(timer)
    const line = socket
    socket = undefined
    line?.close()
    hearing.value = 'off'
  }

  return { hearing, heard, start, stop }
}

function addressOf(site: string, experience: string): string {
  const path = `${API}${sitePath(site, 'experiences', experience, 'live')}`
  return new URL(path, location.href.replace(/^http/, 'ws')).href
}
