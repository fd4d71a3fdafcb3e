import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface SentEvent {
  readonly type: string
  readonly messageId: string
  readonly timestamp: string
  readonly event?: string
  readonly properties?: Readonly<Record<string, unknown>>
  readonly traits?: unknown
}

export interface Batch {
  /** Epoch ms at which it came. */
  readonly at: number
  readonly status: number
  readonly contentType: string | undefined
  readonly text: string
  readonly events: readonly SentEvent[]
  readonly sentAt: string
}

/** A web site on a free port that serves what it is given and writes down the batches it receives. */
export class RecordingSite {
  base = ''
  batches: Batch[] = []
  /** Statuses for the next batches, then 200; 0 cuts the connection. */
  answers: number[] = []
  /** `Retry-After` of answers other than 200; none where it is empty. */
  retryAfter = ''
  /** `Sec-Purpose` of the last request for each path: set where the browser fetches ahead. */
  readonly purposes = new Map<string, string>()
  readonly #doors = new Map<string, (response: ServerResponse) => unknown>()
  readonly #server = createServer((request, response) => this.#answer(request, response))

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (address && typeof address === 'object') this.base = `http://127.0.0.1:${address.port}`
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  reset(): void {
    this.batches = []
    this.answers = []
    this.retryAfter = ''
    this.purposes.clear()
    this.#doors.clear()
  }

  /** Answers requests for a path by `door`. */
  open(path: string, door: (response: ServerResponse) => unknown): void {
    this.#doors.set(path, door)
  }

  /** Puts a page at a path and returns its URL. */
  serve(path: string, body: string, headers: Readonly<Record<string, string>> = {}): string {
    const head = '<title>Private title</title><meta name="sv:category" content="news">'
    const html = `<!doctype html><head>${head}</head><body style="margin:0">${body}</body>`
    this.open(path, (response) =>
      response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(html),
    )
    return this.base + path
  }

  /** Events as the edge counts them: once for each `messageId`, where it answered well. */
  accepted(): SentEvent[] {
    const good = this.batches.filter(({ status }) => status === 200)
    const events = good.flatMap((batch) => batch.events)
    return [...new Map(events.map((event) => [event.messageId, event])).values()]
  }

  named(name: string): SentEvent[] {
    return this.accepted().filter(({ event }) => event === name)
  }

  /** Steps reported of a token's exposures, such as `0 seen`, as often as they were reported. */
  steps(token = 't1'): string[] {
    return this.named('Selvedge Exposure')
      .filter(({ properties }) => properties?.token === token)
      .map(({ properties }) => `${properties?.index} ${properties?.step}`)
  }

  /** Paths of the page views, in order. */
  views(): unknown[] {
    return this.accepted()
      .filter(({ type }) => type === 'page')
      .map(({ properties }) => properties?.path)
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', this.base)
    this.purposes.set(pathname, String(request.headers['sec-purpose'] ?? ''))
    const door = this.#doors.get(pathname)
    if (door) door(response)
    else if (pathname === '/_sv/v1/batch') void this.#take(request, response)
    else response.writeHead(404).end()
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request) text += chunk
    const status = this.answers.shift() ?? 200
    const { batch, sentAt } = JSON.parse(text)
    const contentType = request.headers['content-type']
    this.batches.push({ at: Date.now(), status, contentType, text, events: batch, sentAt })
    const headers = this.retryAfter === '' ? {} : { 'retry-after': this.retryAfter }
    if (status) response.writeHead(status, status === 200 ? {} : headers).end('{}')
    else request.socket.destroy()
  }
}
