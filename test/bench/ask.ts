import { Agent, type IncomingHttpHeaders, request } from 'node:http'

/** Where to ask, and the headers that every request carries. */
export interface Target {
  readonly address: URL
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

/** One complete answer. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** What to send; a plain GET when left out. */
export interface Content {
  readonly method: string
  readonly json?: unknown
}

/** Asks once and keeps the whole answer, on a connection of its own. `fetch` would not let us name the host. */
export function ask(target: Target, content: Content = { method: 'GET' }): Promise<Answer> {
  const { hostname, port } = target.address
  const body = content.json === undefined ? '' : JSON.stringify(content.json)
  const type = body === '' ? {} : { 'Content-Type': 'application/json' }
  const headers = { ...target.headers, ...type }
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const sent = request(
    { agent: new Agent(), hostname, port, path: target.path, method: content.method, headers },
    (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode = 0, headers } = response
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks) })
      })
    },
  )
  sent.on('error', reject)
  sent.end(body)
  return promise
}
