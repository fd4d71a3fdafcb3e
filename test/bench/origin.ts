import { createServer, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { page } from './page.ts'
import { type Manner, readPath, sizedPage } from './sized-page.ts'

/** `Cache-Control` of a page that must be asked for each time, of one that may be kept. */
const EACH_TIME = 'private, no-cache'
const KEPT = 'public, max-age=3600'

const CACHE_CONTROL: Readonly<Record<Manner, string>> = {
  streamed: EACH_TIME,
  kept: KEPT,
  halves: EACH_TIME,
}

/** Ms before the first half of a page in halves, as origins take some time, and before the second. */
const THOUGHT_MS = 100
const PAUSE_MS = 300

interface Sheet {
  readonly body: Buffer
  readonly cacheControl: string
  readonly manner: Manner
}

const front = Buffer.from(page())
const sheets = new Map<string, Sheet>([
  ['/', { body: front, cacheControl: EACH_TIME, manner: 'streamed' }],
  ['/kept', { body: front, cacheControl: KEPT, manner: 'kept' }],
])

function sheetAt(path: string): Sheet | undefined {
  const known = sheets.get(path)
  if (known) return known
  const size = readPath(path)
  if (!size) return undefined
  const { manner } = size
  const sheet = {
    body: Buffer.from(sizedPage(size)),
    cacheControl: CACHE_CONTROL[manner],
    manner,
  }
  sheets.set(path, sheet)
  return sheet
}

async function sendHalves(response: ServerResponse, body: Buffer): Promise<void> {
  const half = Math.floor(body.length / 2)
  await wait(THOUGHT_MS)
  response.write(body.subarray(0, half))
  await wait(PAUSE_MS)
  response.end(body.subarray(half))
}

/** The shop, in its own process so that it does not share the load generator's event loop. */
const server = createServer((request, response) => {
  const sheet = sheetAt(request.url ?? '')
  if (!sheet) return void response.writeHead(404).end()
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': sheet.body.length,
    'Cache-Control': sheet.cacheControl,
    ETag: '"shop-1"',
  })
  if (sheet.manner === 'halves') return void sendHalves(response, sheet.body)
  response.end(sheet.body)
})

server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.(address?.port)
})
process.once('disconnect', () => process.exit())
