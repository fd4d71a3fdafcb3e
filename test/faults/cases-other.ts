import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Cases, send } from './exchange.ts'

/** What is no page: it passes, and is asked for once. */
export const OTHER_CASES: Cases = {
  json: {
    answer: (exchange) =>
      send(
        { ...exchange, page: Buffer.from('{"html": "<div id=\\"who\\">x</div>"}') },
        { 'content-type': 'application/json', 'cache-control': 'max-age=60', etag: '"j"' },
      ),
  },
  xhtml: {
    answer: (exchange) =>
      send(
        { ...exchange, page: Buffer.from('<html><div id="who"/><p>x</p></html>') },
        { 'content-type': 'application/xhtml+xml' },
      ),
  },
  image: {
    answer: (exchange) =>
      send(
        { ...exchange, page: Buffer.from('89504e470d0a1a0a00ff00fe', 'hex') },
        { 'content-type': 'image/png', 'accept-ranges': 'bytes' },
      ),
  },
  events: {
    answer: async ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
      for (let n = 0; n < 3; n++) {
        response.write(`id: ${n}\ndata: <div id="who">\n\n`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      response.end()
    },
  },
  echo: {
    answer: ({ request, response }) => {
      const type = request.headers['content-type'] ?? 'application/octet-stream'
      response.writeHead(200, { 'content-type': type, 'x-method': request.method ?? '' })
      request.pipe(response)
    },
  },
}

const WEBSOCKET_ID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** A WebSocket that says back what it is told, in short text frames (RFC 6455). */
export function echoUpgrade(request: IncomingMessage, socket: Duplex): void {
  const key = request.headers['sec-websocket-key'] ?? ''
  const accept = createHash('sha1')
    .update(key + WEBSOCKET_ID)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  socket.on('error', () => socket.destroy())
  socket.on('data', (frame: Buffer) => {
    const [head = 0, mask = 0] = frame
    if ((head & 0x0f) === 8) return void socket.end(Buffer.from([0x88, 0]))
    const length = mask & 0x7f
    const text = frame.subarray(6, 6 + length).map((byte, n) => byte ^ (frame[2 + (n % 4)] ?? 0))
    socket.write(Buffer.concat([Buffer.from([0x81, length]), text]))
  })
}
