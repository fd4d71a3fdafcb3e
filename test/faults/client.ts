import { Agent, request as send } from 'node:http'

export interface Question {
  readonly path: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
  /** Ms after which the asker gives up; an answer without an end by then is none. */
  readonly patience?: number
  /** Ms after the body's first bytes at which the asker leaves. */
  readonly stay?: number
  /** Told when the first bytes of the body are there. */
  readonly onStart?: () => void
}

export interface Answer {
  /** 0 where none came at all. */
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
  /** Whether the message ended as it said it would: `Content-Length` reached, last chunk seen. */
  readonly complete: boolean
  /** What ended it otherwise. */
  readonly error: string
}

/** What a browser sends for a page; without it requests look like a bot's or a script's. */
export const BROWSER: Readonly<Record<string, string>> = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36',
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'accept-encoding': 'identity',
}

/** Asks one server as a browser would, and tells a whole answer from one that was cut off. */
export interface Client {
  ask(question: Question): Promise<Answer>
  close(): void
}

const PATIENCE_MS = 30_000

/** A client of `127.0.0.1:port` that keeps its connections; `host` is what it asks for. */
export function createClient(port: number, host = `localhost:${port}`): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  return { ask: (question) => ask(question, { agent, port, host }), close: () => agent.destroy() }
}

interface Connection {
  readonly agent: Agent
  readonly port: number
  readonly host: string
}

function ask(question: Question, { agent, port, host }: Connection): Promise<Answer> {
  const { path, method = 'GET', body, patience = PATIENCE_MS } = question
  return new Promise((resolve) => {
    let status = 0
    let received = new Headers()
    const chunks: Buffer[] = []
    const finish = (complete: boolean, error = '') => {
      clearTimeout(timer)
      resolve({ status, headers: received, body: Buffer.concat(chunks), complete, error })
    }
    const asked = send(
      { agent, host: '127.0.0.1', port, path, method, headers: toSent(question, host) },
      (response) => {
        status = response.statusCode ?? 0
        received = headersOf(response.rawHeaders)
        response.on('data', (chunk: Buffer) => {
          if (chunks.push(chunk) > 1) return
          question.onStart?.()
          const leave = () => asked.destroy(new Error('left'))
          if (question.stay !== undefined) setTimeout(leave, question.stay)
        })
        response.on('error', (error) => finish(false, error.message))
        response.on('end', () => finish(response.complete))
      },
    )
    const timer = setTimeout(
      () => asked.destroy(new Error(`no end within ${patience} ms`)),
      patience,
    )
    asked.on('error', (error) => finish(false, error.message))
    asked.end(body)
  })
}

/** With the body's length, which Node only adds for the methods that it expects a body of. */
function toSent({ headers, body }: Question, host: string): Record<string, string> {
  return {
    ...BROWSER,
    host,
    ...(body && { 'content-length': String(body.length) }),
    ...headers,
  }
}

/** Headers as they came, each `Set-Cookie` by itself. */
function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers()
  for (let n = 0; n + 1 < raw.length; n += 2) headers.append(raw[n] ?? '', raw[n + 1] ?? '')
  return headers
}
