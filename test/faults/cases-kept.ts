import { SMALL } from './documents.ts'
import { type Cases, type Exchange, send } from './exchange.ts'

const small = () => SMALL

/** How long after its first answer an origin goes down, in ms. */
const UP_MS = 300

function confirm({ response }: Exchange, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(304, headers).end()
}

const asksWhether = ({ request }: Exchange) => request.headers['if-none-match'] !== undefined

/** Goes down a moment after it was asked first. */
function shortLived(headers: Readonly<Record<string, string>>): (exchange: Exchange) => void {
  let since = Number.POSITIVE_INFINITY
  return (exchange) => {
    since = Math.min(since, Date.now())
    if (Date.now() - since < UP_MS) send(exchange, headers)
    else exchange.response.writeHead(503, { 'content-type': 'text/html' }).end('<p>Down')
  }
}

/** Pages that others may see too, so that they are kept between their slots. */
export const KEPT_CASES: Cases = {
  kept: {
    pieces: small,
    answer: (exchange) => send(exchange, { 'cache-control': 'public, max-age=600' }),
  },
  'kept-for-a-second': {
    pieces: small,
    answer: (exchange) =>
      send(exchange, { 'cache-control': 'public, max-age=1, stale-while-revalidate=1' }),
  },
  'kept-by-language': {
    pieces: small,
    answer: (exchange) =>
      send(exchange, { 'cache-control': 'public, max-age=600', vary: 'Accept-Language, X-None' }),
  },
  confirmed: {
    pieces: small,
    answer: (exchange) =>
      asksWhether(exchange) ? confirm(exchange) : send(exchange, { etag: '"c1"' }),
  },
  'confirmed-with-a-cookie': {
    pieces: small,
    answer: (exchange) =>
      asksWhether(exchange)
        ? confirm(exchange, { 'set-cookie': 'own=1' })
        : send(exchange, { etag: '"c1"' }),
  },
  misconfirmed: {
    pieces: small,
    answer: (exchange) =>
      asksWhether(exchange)
        ? confirm(exchange, { etag: '"another"' })
        : send(exchange, { etag: '"m1"' }),
  },
  'kept-while-down': {
    pieces: small,
    answer: shortLived({ 'cache-control': 'public, max-age=0, stale-if-error=600', etag: '"d1"' }),
  },
}
