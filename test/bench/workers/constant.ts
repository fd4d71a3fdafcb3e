import { filledPage } from '../filled-page.ts'

const body = new TextEncoder().encode(filledPage())

/** The least a worker can do: the same bytes each time, as many as a personalised page has. */
export default {
  fetch(): Response {
    const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }
    return new Response(body, { headers })
  },
}
