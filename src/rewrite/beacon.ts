import aggregate from '../../dist/aggregate.js'
import beacon from '../../dist/beacon.js'
import type { ScriptForm } from '../model/skeleton.ts'

export const BEACON_PATH = '/_sv/beacon.js'
export const AGGREGATE_PATH = '/_sv/aggregate.js'

/** What the beacon needs to know of a page: its signed token and the mark of each exposure in it. */
export interface BeaconPage {
  readonly token: string
  readonly marks: readonly string[]
  /** Where nothing may be stored in the browser: what the page goes by, this one time it is shown. */
  readonly page?: string
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', "'": '&#39;', '<': '&lt;' }

/** The script element for a page, inline where its policies allow that; `''` where none may run. */
export function toBeaconTag({ token, marks, page }: BeaconPage, form: ScriptForm): string {
  if (form.kind === 'none') return ''
  const data = JSON.stringify({ t: token, d: marks, ...(page && { p: page }) }).replace(
    /[&'<]/g,
    (c) => ENTITIES[c] ?? c,
  )
  if (form.kind === 'external') {
    const path = page === undefined ? BEACON_PATH : AGGREGATE_PATH
    return `<script src="${path}" data-sv='${data}' async></script>`
  }
  const nonce = form.nonce === '' ? '' : ` nonce="${form.nonce}"`
  const code = page === undefined ? beacon : aggregate
  return `<script${nonce} data-sv='${data}'>${code}</script>`
}

/** The beacon by its own URL, for pages whose policy wants it so and for sites that place it themselves. */
export function beaconResponse(): Response {
  return scriptResponse(beacon)
}

/** The one for visitors who allow nothing to be stored. */
export function aggregateResponse(): Response {
  return scriptResponse(aggregate)
}

function scriptResponse(code: string): Response {
  return new Response(code, {
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'x-content-type-options': 'nosniff',
    },
  })
}
