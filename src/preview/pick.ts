import { isRewritable } from '../rewrite/headers.ts'
import { type PickData, PickDataSchema } from '../staff/page-link.ts'
import {
  fetchPage,
  forStaff,
  isOnHosts,
  type LinkedPage,
  openLinkedPage,
  sentence,
} from './linked-page.ts'

/** By which the picker's script is loaded. */
export const PICKER_PATH = '/_sv/picker.js'

/**
 * The page as its origin sends it, for pointing at its elements in the console's frame: only what is in
 * this markup can be a slot, so none of the page's own scripts runs. Nothing for a link that is not ours.
 */
export async function pick(request: Request, env: Env): Promise<Response | undefined> {
  const linked = await openLinkedPage(request, 'pick', env)
  if (linked === undefined) return undefined
  if (linked === 'expired') return sentence(410, 'This link has expired; open the page again.')
  const data = PickDataSchema.parse(linked.link.data)
  if (!isOnHosts(linked.page, data.hosts)) return undefined
  const page = await fetchPage(request, linked.page, data.origin, env)
  return forStaff(
    isRewritable(page) === true ? withPicker(page, linked, data) : page,
    policyFor(linked, data),
  )
}

/** The picker's script and no other; the page's own styles and pictures as they are. */
function policyFor({ page }: LinkedPage, { console }: PickData): string {
  return [
    `script-src ${page.origin}${PICKER_PATH}`,
    "object-src 'none'",
    "form-action 'none'",
    `frame-ancestors ${console}`,
  ].join('; ')
}

/** Policies within the page would stop the picker; so would a base elsewhere, were its address relative. */
function withPicker(response: Response, { page }: LinkedPage, { console }: PickData): Response {
  const script = `<script src="${page.origin}${PICKER_PATH}" data-console="${console}"></script>`
  return new HTMLRewriter()
    .on('meta[http-equiv]', {
      element(meta) {
        const name = meta.getAttribute('http-equiv')?.trim().toLowerCase()
        if (name === 'content-security-policy' || name === 'refresh') meta.remove()
      },
    })
    .onDocument({ end: (end) => void end.append(script, { html: true }) })
    .transform(response)
}
