import code from '../../dist/beacon.js'
import type { ScriptForm } from '../model/skeleton.ts'

export const BEACON_PATH = '/_sv/beacon.js'

/** What the beacon needs to know of a page: its signed token and the mark of each exposure in it. */
export interface BeaconPage {
  readonly token: string
  readonly marks: readonly string[]
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', "'": '&#39;', '<': '&lt;' }

/** The script element for a page, inline where its policies allow that; `''` where none may run. */
export function toBeaconTag({ token, marks }: BeaconPage, form: ScriptForm): string {
  if (form.kind === 'none') return ''
  const page = JSON.stringify({ t: token, d: marks }).replace(/[&'<]/g, (c) => ENTITIES[c] ?? c)
  if (form.kind === 'external') {
    return `<script src="${BEACON_PATH}" data-sv='${page}' async></script>`
  }
  const nonce = form.nonce === '' ? '' : ` nonce="${form.nonce}"`
  return `<script${nonce} data-sv='${page}'>${code}</script>`
}

/** The beacon by its own URL, for pages whose policy wants it so and for sites that place it themselves. */
export function beaconResponse(): Response {
  return new Response(code, {
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'x-content-type-options': 'nosniff',
    },
  })
}
