import { createServer } from 'node:http'
import { page } from './page.ts'

/** `Cache-Control` by path: a page that must be asked for each time, and one that may be kept. */
const CACHE_CONTROL: Readonly<Record<string, string>> = {
  '/': 'private, no-cache',
  '/kept': 'public, max-age=3600',
}

const body = Buffer.from(page())

/** The shop, in its own process so that it does not share the load generator's event loop. */
const server = createServer((request, response) => {
  const cacheControl = CACHE_CONTROL[request.url ?? '']
  response.writeHead(cacheControl === undefined ? 404 : 200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': cacheControl ?? 'no-store',
    ETag: '"shop-1"',
  })
  response.end(body)
})

server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.(address?.port)
})
process.once('disconnect', () => process.exit())
