import { integrityPage, PLAIN, SMALL } from './documents.ts'
import { type Cases, type Exchange, send, write } from './exchange.ts'
import { ELEMENTS } from './site.ts'

const small = () => SMALL

/** Everything that a shared cache could keep a page by. */
const CACHEABLE = {
  'cache-control': 'public, max-age=600, s-maxage=3600',
  'cdn-cache-control': 'max-age=3600',
  'cloudflare-cdn-cache-control': 'max-age=3600',
  'surrogate-control': 'max-age=3600',
  expires: 'Fri, 01 Jan 2100 00:00:00 GMT',
  age: '5',
  etag: '"v1"',
  'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT',
  'accept-ranges': 'bytes',
  'content-md5': 'AAAA',
  digest: 'sha-256=AAAA',
  'repr-digest': 'sha-256=:AAAA:',
  vary: 'Accept-Encoding, Cookie',
}

/** Headers by which a site protects itself; they are no business of ours. */
const PROTECTIVE = {
  'strict-transport-security': 'max-age=31536000',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'x-frame-options': 'DENY',
  'permissions-policy': 'geolocation=()',
  'referrer-policy': 'no-referrer',
  link: '</a.css>; rel=preload; as=style',
  'x-anything': 'at all',
}

const COOKIES = [
  'a=1; Path=/; HttpOnly',
  'b=2; Expires=Fri, 01 Jan 2100 00:00:00 GMT',
  'a=3; Path=/p',
]

const HUNDRED = Object.fromEntries(
  [...Array(100).keys()].map((n) => [`x-header-${n}`, `value ${n}, ${n}`]),
)

/** Answers whose status and headers are the point. */
export const HEADER_CASES: Cases = {
  plain: { pieces: () => PLAIN, answer: (exchange) => send(exchange) },
  small: { pieces: small, answer: (exchange) => send(exchange) },
  status: {
    pieces: small,
    answer: (exchange) => send(exchange, {}, Number(exchange.url.searchParams.get('is') ?? 200)),
  },
  empty: {
    answer: ({ response, url }) => {
      response.writeHead(Number(url.searchParams.get('is') ?? 204), { 'x-empty': 'yes' }).end()
    },
  },
  redirect: {
    pieces: small,
    answer: (exchange) =>
      send(
        exchange,
        { location: exchange.url.searchParams.get('to') ?? '/p/small' },
        Number(exchange.url.searchParams.get('is') ?? 302),
      ),
  },
  cookies: { pieces: small, answer: (exchange) => send(exchange, { 'set-cookie': COOKIES }) },
  hundred: { pieces: small, answer: (exchange) => send(exchange, HUNDRED) },
  protective: { pieces: small, answer: (exchange) => send(exchange, PROTECTIVE) },
  cacheable: {
    pieces: small,
    answer: (exchange) =>
      exchange.request.headers['if-none-match'] === '"v1"'
        ? void exchange.response.writeHead(304, { etag: '"v1"' }).end()
        : send(exchange, CACHEABLE),
  },
  private: {
    pieces: small,
    answer: (exchange) => send(exchange, { 'cache-control': 'private, no-store' }),
  },
  'no-transform': {
    pieces: small,
    answer: (exchange) => send(exchange, { 'cache-control': 'max-age=60, No-Transform' }),
  },
  range: { pieces: small, answer: sendRange },
  options: {
    answer: ({ response }) => {
      response.writeHead(204, { allow: 'GET, HEAD, OPTIONS', 'x-method': 'options' }).end()
    },
  },
  trailers: { pieces: small, answer: sendTrailers },
  hints: { pieces: small, answer: sendHints },
  sri: { pieces: integrityPage, answer: (exchange) => send(exchange) },
  csp: { answer: sendWithPolicy },
  said: {
    pieces: small,
    answer: (exchange) => send(exchange, Object.fromEntries(exchange.url.searchParams)),
  },
}

function sendRange(exchange: Exchange): void {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(exchange.request.headers.range ?? '') ?? []
  if (!from || !to) {
    send(exchange, { 'accept-ranges': 'bytes', etag: '"r"' })
    return
  }
  const part = exchange.page.subarray(Number(from), Number(to) + 1)
  exchange.response
    .writeHead(206, {
      'content-type': 'text/html; charset=utf-8',
      'content-range': `bytes ${from}-${to}/${exchange.page.length}`,
      'content-length': String(part.length),
      etag: '"r"',
    })
    .end(part)
}

async function sendTrailers(exchange: Exchange): Promise<void> {
  const { response, page } = exchange
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', trailer: 'x-sum' })
  await write(exchange, page)
  response.addTrailers({ 'x-sum': 'AAAA' })
  response.end()
}

function sendHints(exchange: Exchange): void {
  exchange.response.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' }, () =>
    send(exchange),
  )
}

/** A page with nothing of its own that a policy could forbid. */
function sendWithPolicy(exchange: Exchange): void {
  const { searchParams } = exchange.url
  const policy = searchParams.get('policy') ?? ''
  const place = searchParams.get('place') ?? 'header'
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`
  const elements = [...ELEMENTS.values()].map(({ original }) => original).join('\n')
  const head = `<meta charset="utf-8"><link rel="icon" href="data:,">${place === 'meta' ? meta : ''}`
  const page = `<!DOCTYPE html><html><head>${head}</head><body><main>${elements}</main></body></html>`
  send({ ...exchange, page: Buffer.from(page) }, policyHeader(place, policy))
}

function policyHeader(place: string, policy: string): Record<string, string> {
  if (place === 'meta' || policy === '') return {}
  return { [`content-security-policy${place === 'report' ? '-report-only' : ''}`]: policy }
}
