import { fromBase64Url } from '../../src/model/base64url.ts'
import { ask } from './doors.ts'

const ORIGIN_PAGE = '<!doctype html><title>Shop</title><main id="hero">Origin</main>'

/** What an origin answers: the network beyond the worker, which there is none of here. */
export async function originPage(): Promise<Response> {
  return new Response(ORIGIN_PAGE, { headers: { 'content-type': 'text/html; charset=utf-8' } })
}

/** One page view as a browser has it. */
export interface Viewed {
  readonly html: string
  /** `calm`, `loud`: the module's title. */
  readonly title: string | undefined
  /** As the browser sends it next time; `''` where nothing was set. */
  readonly cookie: string
  /** Exposures in the page's token. */
  readonly exposures: readonly (readonly (string | number)[])[]
}

const TOKEN = /data-sv='{"t":"[^".]+\.([\w-]+)\./

/** Looks at a page of a site. */
export async function view(url: string, cookie = ''): Promise<Viewed> {
  const headers = {
    ...{ accept: 'text/html', 'sec-fetch-dest': 'document', 'accept-language': 'nb' },
    ...{ 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
    ...(cookie && { cookie }),
  }
  const response = await ask(url, { headers })
  const html = await response.text()
  const payload = TOKEN.exec(html)?.[1]
  const [, exposures] = payload
    ? JSON.parse(new TextDecoder().decode(fromBase64Url(payload)))
    : [0, []]
  const set = /__Host-sv=[^;]+/.exec(response.headers.get('set-cookie') ?? '')?.[0] ?? ''
  return { html, title: /<h1>(\w+)/.exec(html)?.[1], cookie: set, exposures }
}

/** Looks again until it holds; what was seen last is the error. */
export async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const start = performance.now()
  for (;;) {
    const seen = await look()
    if (holds(seen)) return seen
    if (performance.now() - start > 12_000) throw new Error(`Last seen: ${JSON.stringify(seen)}`)
    await scheduler.wait(100)
  }
}
