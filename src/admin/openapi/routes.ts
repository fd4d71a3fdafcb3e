import { Hono } from 'hono'
import { toDocument } from './document.ts'
import { OPERATIONS } from './operations.ts'
import { toPage } from './page.ts'

/** Made when it is first asked for: it is the same for everybody, and as new as the deployment. */
let document: object | undefined

const HEADERS = { 'cache-control': 'public, max-age=300', 'x-content-type-options': 'nosniff' }

/** What the API can be asked, for machines and for people; mounted at its root. */
export const openapi = new Hono()
  .get('/openapi.json', (c) => {
    document ??= toDocument(OPERATIONS)
    return c.json(document, 200, HEADERS)
  })
  .get('/', async (c) =>
    c.html(await toPage(OPERATIONS), 200, {
      ...HEADERS,
      'content-security-policy': "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    }),
  )
