import { PLAIN, SMALL } from './documents.ts'
import { type Case, type Cases, type Exchange, HTML, write } from './exchange.ts'

/** Answers that Node's server would refuse to give, written to the socket as they are. */
function raw(head: string, body: (page: Buffer) => Buffer, end: End): Case {
  return {
    pieces: () => PLAIN,
    answer: async ({ request, page }) => {
      const { socket } = request
      const sent = body(page)
      const text = head.replace('PAGE', String(page.length)).replace('SENT', String(sent.length))
      await new Promise((resolve) => {
        socket.write(Buffer.concat([Buffer.from(text), sent]), resolve)
      })
      // What was sent has to arrive before the reset, which would overtake it.
      if (end === 'reset') await new Promise((resolve) => setTimeout(resolve, 20))
      END[end](socket)
    },
  }
}

type End = keyof typeof END

const END = {
  close: (socket: Exchange['request']['socket']) => void socket.end(),
  reset: (socket: Exchange['request']['socket']) => void socket.resetAndDestroy(),
} as const

const OK = `HTTP/1.1 200 OK\r\nContent-Type: ${HTML}\r\n`
const half = (page: Buffer) => page.subarray(0, page.length >> 1)
const whole = (page: Buffer) => page
const none = () => Buffer.alloc(0)
const asChunk = (bytes: Buffer) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])

/** Origins that break off before they said anything of use. */
export const NO_ANSWER_CASES: Cases = {
  reset: { answer: ({ request }) => request.socket.resetAndDestroy() },
  hangup: { answer: ({ request }) => void request.socket.end() },
  'half-head': raw('HTTP/1.1 200 OK\r\nContent-Ty', none, 'reset'),
  garbage: raw('\x00\x01\x02 this is not HTTP\r\n\r\n', none, 'close'),
  'garbage-header': raw('HTTP/1.1 200 OK\r\nno colon here\r\n\r\n', none, 'close'),
}

/** Origins that break off in the middle of a page: nobody may take what came for all of it. */
export const CUT_CASES: Cases = {
  'reset-length': raw(`${OK}Content-Length: PAGE\r\n\r\n`, half, 'reset'),
  'reset-chunked': raw(
    `${OK}Transfer-Encoding: chunked\r\n\r\n`,
    (page) => asChunk(half(page)),
    'reset',
  ),
  'early-end-length': raw(`${OK}Content-Length: PAGE\r\n\r\n`, half, 'close'),
  'early-end-chunked': raw(
    `${OK}Transfer-Encoding: chunked\r\n\r\n`,
    (page) => asChunk(half(page)),
    'close',
  ),
  'bad-chunk': raw(
    `${OK}Transfer-Encoding: chunked\r\n\r\n`,
    (page) => Buffer.concat([asChunk(half(page)), Buffer.from('zz\r\nrest')]),
    'close',
  ),
}

/** Odd, but whole by the rules of HTTP. */
export const ODD_END_CASES: Cases = {
  'until-close': raw(`${OK}Connection: close\r\n\r\n`, whole, 'close'),
  'more-than-length': raw(
    `${OK}Content-Length: PAGE\r\nConnection: close\r\n\r\n`,
    (page) => Buffer.concat([page, Buffer.from('HTTP/1.1 200 OK\r\n\r\nnot asked for')]),
    'close',
  ),
}

/** Longer than the limit for an answer's headers, which is no limit for its body. */
const LONG_MS = 3_000

/** Answers that are slow, and whole in the end. */
export const SLOW_CASES: Cases = {
  'slow-page': { pieces: () => SMALL, answer: sendSlowly },
  'slow-text': {
    answer: (exchange) =>
      sendSlowly({ ...exchange, page: Buffer.from('event\n'.repeat(100)) }, 'text/event-stream'),
  },
}

async function sendSlowly(exchange: Exchange, type = HTML): Promise<void> {
  const { response, page } = exchange
  const parts = 10
  response.writeHead(200, { 'content-type': type })
  for (let n = 0; n < parts; n++) {
    const [from, to] = [n, n + 1].map((part) => Math.floor((page.length * part) / parts))
    await write(exchange, page.subarray(from, to), LONG_MS / parts)
  }
  response.end()
}

/** Answers that wait: `gate` until the asker has the start, `stall` for ever. */
export function createGates(): { cases: Cases; open: (gate: string) => void } {
  const gates = new Map<string, PromiseWithResolvers<void>>()
  const gateOf = (name: string) => {
    const known = gates.get(name) ?? Promise.withResolvers<void>()
    gates.set(name, known)
    return known
  }
  const half = async (exchange: Exchange) => {
    const { response, page } = exchange
    response.writeHead(200, { 'content-type': HTML })
    await write(exchange, page.subarray(0, page.length >> 1))
  }
  return {
    open: (name) => gateOf(name).resolve(),
    cases: {
      gate: {
        pieces: () => SMALL,
        async answer(exchange) {
          await half(exchange)
          await gateOf(exchange.url.searchParams.get('gate') ?? '').promise
          exchange.response.end(exchange.page.subarray(exchange.page.length >> 1))
        },
      },
      'stall-mid-body': { pieces: () => SMALL, answer: half },
      'stall-before-headers': { answer: () => undefined },
    },
  }
}
