import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Target } from './ask.ts'

/** Connections kept busy, each asking again as soon as it has its whole answer (a closed loop). */
export const CONNECTIONS = 24

/** Ms without a byte after which an answer is given up. */
const PATIENCE_MS = 20_000

/** What one slice of load came to. */
export interface Slice {
  /** Complete answers. */
  readonly answers: number
  /** Complete answers per second. */
  readonly rate: number
}

/** What is asked, each time anew, and what the answer has to contain besides a 200. */
export interface Asking {
  readonly next: () => string
  readonly mark: string
}

/** Loads a target for `milliseconds`, with plain GETs unless told otherwise; a wrong answer rejects. */
export async function load(
  target: Target,
  milliseconds: number,
  asking: Asking = toAsking(target),
): Promise<Slice> {
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => dial(target)))
  const started = performance.now()
  const until = started + milliseconds
  const counts = await Promise.all(sockets.map((socket) => keepAsking(socket, asking, until)))
  const seconds = (performance.now() - started) / 1000
  const answers = counts.reduce((sum, count) => sum + count, 0)
  return { answers, rate: answers / seconds }
}

async function dial({ address }: Target): Promise<Socket> {
  const socket = connect({ host: address.hostname, port: Number(address.port), noDelay: true })
  await once(socket, 'connect')
  return socket
}

function toAsking(target: Target): Asking {
  const message = toMessage(target, 'GET')
  return { next: () => message, mark: '' }
}

/** A request as it goes over the line; bodies are ASCII. */
export function toMessage({ path, headers }: Target, method: string, body = ''): string {
  const length = body === '' ? {} : { 'Content-Length': String(body.length) }
  const lines = Object.entries({ ...headers, ...length }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

/** Asks over one connection until the time is up; gives how many answers came. */
function keepAsking(socket: Socket, { next, mark }: Asking, until: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let answers = 0
  let progressOf = createReader()
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('an answer came to a halt')))
  socket.on('data', (chunk: Buffer) => {
    const progress = progressOf(chunk)
    const isWrong = progress === 'wrong' || (progress === 'whole' && !chunk.includes(mark))
    if (isWrong) socket.destroy(new Error(`no page but ${chunk.toString('latin1')}`))
    if (isWrong || progress !== 'whole') return
    answers++
    progressOf = createReader()
    if (performance.now() < until) socket.write(next())
    else socket.end()
  })
  socket.on('error', reject)
  socket.on('close', () =>
    performance.now() < until ? reject(new Error('hung up early')) : resolve(answers),
  )
  socket.write(next())
  return promise
}

type Progress = 'more' | 'whole' | 'wrong'

const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n')

/**
 * Follows one answer. Node's HTTP client costs more per answer than some of the workers do, so only the
 * end is looked for: after `Content-Length` bytes, or at an empty last chunk, which nothing looks like
 * in a page without carriage returns.
 */
function createReader(): (chunk: Buffer) => Progress {
  let missing: number | undefined
  let isChunked = false
  let tail = Buffer.alloc(0)
  return (chunk) => {
    if (missing === undefined) {
      const end = chunk.indexOf('\r\n\r\n')
      const head = chunk.toString('latin1', 0, end)
      if (end < 0 || !head.startsWith('HTTP/1.1 200')) return 'wrong'
      const length = /^content-length: (\d+)$/im.exec(head)?.[1]
      isChunked = length === undefined
      missing = Number(length ?? 0) + end + 4
    }
    missing -= chunk.length
    if (!isChunked) return missing > 0 ? 'more' : 'whole'
    tail = Buffer.concat([tail, chunk.subarray(-LAST_CHUNK.length)]).subarray(-LAST_CHUNK.length)
    return tail.equals(LAST_CHUNK) ? 'whole' : 'more'
  }
}
