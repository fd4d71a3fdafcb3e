import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Target } from './ask.ts'

/** Connections kept busy, each asking again as soon as it has its whole answer (a closed loop). */
export const CONNECTIONS = 24

/** What one slice of load came to. */
export interface Slice {
  /** Complete answers. */
  readonly answers: number
  /** Complete answers per second. */
  readonly rate: number
}

/** Loads a target for `milliseconds`; any answer but a 200 is a bug of the run and rejects. */
export async function load(target: Target, milliseconds: number): Promise<Slice> {
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => dial(target)))
  const message = toMessage(target)
  const started = performance.now()
  const until = started + milliseconds
  const counts = await Promise.all(sockets.map((socket) => keepAsking(socket, message, until)))
  const seconds = (performance.now() - started) / 1000
  const answers = counts.reduce((sum, count) => sum + count, 0)
  return { answers, rate: answers / seconds }
}

async function dial({ address }: Target): Promise<Socket> {
  const socket = connect({ host: address.hostname, port: Number(address.port), noDelay: true })
  await once(socket, 'connect')
  return socket
}

function toMessage({ path, headers }: Target): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/**
 * Asks over one connection until the time is up; gives how many answers came. Node's HTTP client costs more per answer than the
 * workers do, so only the end of an answer is looked for: after `Content-Length` bytes, or at an
 * empty last chunk, which nothing in a page without carriage returns looks like.
 */
function keepAsking(socket: Socket, message: string, until: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let answers = 0
  let missing: Missing = 'head'
  socket.on('data', (chunk: Buffer) => {
    missing = missing === 'head' ? afterHead(chunk) : less(missing, chunk)
    if (missing === 'page') socket.destroy(new Error(`no page but ${chunk.toString('latin1')}`))
    if (missing !== 0) return
    answers++
    missing = 'head'
    if (performance.now() < until) socket.write(message)
    else socket.end()
  })
  socket.on('error', reject)
  socket.on('close', () => {
    const whole = missing === 'head' && performance.now() >= until
    whole
      ? resolve(answers)
      : reject(new Error('the connection closed before its answer was whole'))
  })
  socket.write(message)
  return promise
}

/** What an answer still lacks: its head, so many bytes, or its last chunk; `page` if it is no page. */
type Missing = 'head' | 'last chunk' | 'page' | number

const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n')

function afterHead(chunk: Buffer): Missing {
  const end = chunk.indexOf('\r\n\r\n')
  const head = chunk.toString('latin1', 0, end)
  if (end < 0 || !head.startsWith('HTTP/1.1 200')) return 'page'
  const length = /^content-length: (\d+)$/im.exec(head)?.[1]
  if (length !== undefined) return Number(length) - (chunk.length - end - 4)
  return less('last chunk', chunk)
}

function less(missing: Exclude<Missing, 'head'>, chunk: Buffer): Missing {
  if (missing === 'page') return missing
  if (missing !== 'last chunk') return missing - chunk.length
  const isLast = chunk.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)
  return isLast ? 0 : missing
}
