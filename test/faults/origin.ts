import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import {
  AMBIGUOUS_CASES,
  CHARSET_CASES,
  CHUNK_CASES,
  ENCODING_CASES,
  EXCESSIVE_CASES,
  REPEATED_CASES,
  SIZE_CASES,
  SLOPPY_CASES,
  UNCLOSED_CASES,
  UTF_16,
} from './cases-bodies.ts'
import {
  CUT_CASES,
  createGates,
  NO_ANSWER_CASES,
  ODD_END_CASES,
  SLOW_CASES,
} from './cases-broken.ts'
import { HEADER_CASES } from './cases-headers.ts'
import { KEPT_CASES } from './cases-kept.ts'
import { echoUpgrade, OTHER_CASES } from './cases-other.ts'
import type { Case, Cases, Exchange } from './exchange.ts'
import { HTML, write } from './exchange.ts'
import { bytesOf, type Piece } from './page.ts'

const gates = createGates()

/** Every way in which the origin answers, by the last part of a path: `/p/gzip`, `/r/gzip`. */
export const CASES: Cases = {
  ...HEADER_CASES,
  ...KEPT_CASES,
  ...ENCODING_CASES,
  ...CHARSET_CASES,
  ...UTF_16,
  ...AMBIGUOUS_CASES,
  ...EXCESSIVE_CASES,
  ...SLOPPY_CASES,
  ...REPEATED_CASES,
  ...UNCLOSED_CASES,
  ...SIZE_CASES,
  ...CHUNK_CASES,
  ...NO_ANSWER_CASES,
  ...CUT_CASES,
  ...ODD_END_CASES,
  ...SLOW_CASES,
  ...OTHER_CASES,
  ...gates.cases,
}

/** How an issuer publishes its keys, or fails to. */
export type IssuerState = 'up' | 'down' | 'slow' | 'garbage' | 'huge' | 'error'

/** What the origin saw of requests for one path. */
export interface Seen {
  count: number
  method: string
  headers: IncomingHttpHeaders
}

export interface ScriptedOrigin {
  readonly url: string
  readonly port: number
  /** What was asked for, by path and query. */
  readonly seen: ReadonlyMap<string, Seen>
  /** The pages of `/p/made?n=…`, in the chunks in which they are sent. */
  readonly made: Map<string, readonly Buffer[]>
  /** State of the issuer whose keys are at `/jwks/<name>`; `up` unless set. */
  readonly issuers: Map<string, IssuerState>
  /** Lets the second half of `?gate=…` go. */
  open(gate: string): void
  close(): Promise<void>
}

/** Starts the scripted origin on 127.0.0.1; `keys` is the JWK Set of its issuers. */
export async function startScriptedOrigin(keys: unknown): Promise<ScriptedOrigin> {
  const seen = new Map<string, Seen>()
  const made = new Map<string, readonly Buffer[]>()
  const issuers = new Map<string, IssuerState>()
  const server = createServer((request, response) => {
    note(seen, request)
    const url = new URL(`http://origin${request.url ?? '/'}`)
    const [, place, name = ''] = url.pathname.split('/')
    const found = place === 'jwks' ? issuer(issuers.get(name) ?? 'up', keys) : caseOf(name, made)
    const page = found?.pieces ? pageBytes(found.pieces()) : Buffer.alloc(0)
    const exchange = { request, response, url, page }
    // Whoever hangs up in the middle is part of the script.
    response.on('error', () => undefined)
    if (found) void Promise.resolve(found.answer(exchange)).catch(() => response.destroy())
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('No such case.\n')
  })
  server.on('upgrade', (request, socket) => {
    note(seen, request)
    echoUpgrade(request, socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    made,
    issuers,
    open: gates.open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function note(seen: Map<string, Seen>, { url = '', method = '', headers }: IncomingMessage): void {
  const count = (seen.get(url)?.count ?? 0) + 1
  seen.set(url, { count, method, headers })
}

const bytes = new WeakMap<readonly Piece[], Buffer>()

function pageBytes(pieces: readonly Piece[]): Buffer {
  const known = bytes.get(pieces) ?? bytesOf(pieces)
  bytes.set(pieces, known)
  return known
}

function caseOf(name: string, made: ReadonlyMap<string, readonly Buffer[]>): Case | undefined {
  if (name === 'made') return { answer: (exchange) => sendMade(exchange, made) }
  return Object.hasOwn(CASES, name) ? CASES[name] : undefined
}

/** A page made for one request; its chunks leave one by one. */
async function sendMade(
  exchange: Exchange,
  made: ReadonlyMap<string, readonly Buffer[]>,
): Promise<void> {
  const { response, url } = exchange
  response.writeHead(200, { 'content-type': HTML })
  response.socket?.setNoDelay(true)
  for (const chunk of made.get(url.searchParams.get('n') ?? '') ?? []) await write(exchange, chunk)
  response.end()
}

function issuer(state: IssuerState, keys: unknown): Case {
  const answers: Readonly<Record<IssuerState, Case['answer']>> = {
    up: ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(keys))
    },
    down: ({ request }) => request.socket.resetAndDestroy(),
    slow: () => undefined,
    garbage: ({ response }) => void response.end(Buffer.from('00ff{"keys":[', 'latin1')),
    huge: ({ response }) => void response.end(`{"keys":[${'"x",'.repeat(1 << 18)}""]}`),
    error: ({ response }) => void response.writeHead(500).end('{}'),
  }
  return { answer: answers[state] }
}
