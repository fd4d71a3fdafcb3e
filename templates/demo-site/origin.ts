import { createServer, type IncomingMessage } from 'node:http'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { type Asset, loadAssets, versioned } from './assets.ts'
import { PRODUCTS } from './catalogue.ts'
import { FORMS, signOut } from './forms.ts'
import { type AssetLinks, renderDocument } from './pages/layout.ts'
import { notFoundPage } from './pages/not-found.ts'
import {
  assetReply,
  htmlReply,
  jsonReply,
  type Reply,
  redirectReply,
  refusal,
  send,
} from './reply.ts'
import { PAGES } from './routes.ts'
import { openSessions, type Sessions } from './session.ts'
import { isPersonal, readVisit } from './visit.ts'

export interface OriginOptions {
  /** Folder for the signing key; `.selvedge/demo-site` below the working directory by default. */
  readonly stateDir?: string
}

export interface Origin {
  readonly url: string
  close(): Promise<void>
}

/** Where a short link leads: the campaign that `config.json` has an experience for. */
const CAMPAIGN_LINK = '/?utm_source=newsletter&utm_medium=email&utm_campaign=storm-week'

/** Bytes of a form; the longest honest one is the checkout's, well below 1 kB. */
const LARGEST_FORM = 10_000

interface Shop {
  readonly sessions: Sessions
  readonly assets: ReadonlyMap<string, Asset>
  readonly links: AssetLinks
}

/**
 * Starts the demo shop on 127.0.0.1; port 0 takes a free one. Rejects when the port is taken or the
 * state folder cannot be written.
 */
export async function startOrigin(port: number, options: OriginOptions = {}): Promise<Origin> {
  const assets = await loadAssets()
  const shop: Shop = {
    sessions: await openSessions(options.stateDir ?? '.selvedge/demo-site'),
    assets,
    links: {
      styles: versioned(assets, '/assets/site.css'),
      script: versioned(assets, '/assets/consent.js'),
    },
  }
  const server = createServer(async (request, response) => {
    const reply = await answer(request, shop).catch((error: unknown) => {
      console.error(error)
      return refusal(500)
    })
    send(request, response, reply)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : port
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(request: IncomingMessage, shop: Shop): Promise<Reply> {
  const url = new URL(`http://shop${request.url ?? '/'}`)
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return answerGet(request, url, shop)
    case 'POST':
      return answerPost(request, url, shop)
    default:
      return refusal(405, { allow: 'GET, HEAD, POST' })
  }
}

async function answerGet(request: IncomingMessage, url: URL, shop: Shop): Promise<Reply> {
  const path = url.pathname
  const asset = shop.assets.get(path)
  if (asset) return assetReply(asset.type, asset.etag, asset.body, url.searchParams.has('v'))
  if (path === '/go') return redirectReply(302, CAMPAIGN_LINK)
  if (path === '/sign-out') return signOut()
  if (path === '/api/stock.json') return jsonReply(stock(), 60)
  if (path === '/.well-known/jwks.json') return jsonReply(shop.sessions.keys, 300)
  const visit = await readVisit(request, path, shop.sessions)
  if (path === '/checkout' && visit.basket.length === 0) return redirectReply(302, '/basket')
  const template = PAGES.get(path)
  const text = renderDocument((template ?? notFoundPage)(visit), visit, shop.links)
  return htmlReply(text, template ? 200 : 404, isPersonal(visit))
}

async function answerPost(request: IncomingMessage, url: URL, shop: Shop): Promise<Reply> {
  const handle = FORMS.get(url.pathname)
  if (!handle) return refusal(405, { allow: 'GET, HEAD' })
  const form = await readForm(request)
  if (!form) return refusal(413, { connection: 'close' })
  const visit = await readVisit(request, url.pathname, shop.sessions)
  return handle({ form, visit, sessions: shop.sessions, now: Date.now() })
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > LARGEST_FORM) return undefined
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

function stock(): unknown {
  return {
    warehouse: 'Umeå',
    items: PRODUCTS.map(({ slug, name, stock }) => ({ sku: slug, name, inStock: stock })),
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '8788' }, state: { type: 'string' } },
  })
  const { url } = await startOrigin(Number(values.port), { stateDir: values.state })
  console.log(`The demo shop is open at ${url}`)
}
