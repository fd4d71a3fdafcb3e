import type { Answer } from './ask.ts'
import { FILLS, MARKS } from './fills.ts'
import { page, SLOTS } from './page.ts'

/** Least and most size of an answer against the origin's page: fills, tokens and a beacon fit in. */
const SIZE_BOUNDS = { least: 0.97, most: 1.15 }

/** The shop's page with its slots filled, as every contestant ought to answer. */
export function filledPage(): string {
  return SLOTS.reduce((html, slot) => {
    const start = new RegExp(`(<body[^]*<(?:div|section) id="${slot}"[^>]*>)`)
    return html.replace(start, (before) => before + FILLS[slot])
  }, page())
}

/** Markup of which a page that is whole has no less than the origin's. */
const LANDMARKS = ['<article', 'data-sku=', '<footer', '<form', '<script', '</html>']

const count = (text: string, part: string) => text.split(part).length - 1

/**
 * Everything that is wrong with an answer that ought to be the shop's page, whole, its slots filled
 * or (`filled` false) left alone, leaving out the `additions` of its own. Checked before any
 * timing: a fast wrong page is no figure.
 */
export function faultsOf(
  { status, body }: Answer,
  { filled, additions = /$^/ }: { filled: boolean; additions?: RegExp },
): string[] {
  const origin = page()
  const html = body.toString('utf8').replace(additions, '')
  const size = Buffer.byteLength(html) / Buffer.byteLength(origin)
  const faults: string[] = []
  if (status !== 200) faults.push(`status ${status}`)
  if (size < SIZE_BOUNDS.least || size > SIZE_BOUNDS.most) faults.push(`size × ${size.toFixed(3)}`)
  for (const landmark of LANDMARKS) {
    const [has, wants] = [count(html, landmark), count(origin, landmark)]
    if (has < wants) faults.push(`${has} of ${wants} ${landmark}`)
  }
  for (const slot of SLOTS) {
    const marks = count(html, MARKS[slot])
    if (marks !== (filled ? 1 : 0)) faults.push(`${marks} fills in #${slot}`)
    if (filled && !isInside(html, slot, MARKS[slot])) faults.push(`fill outside #${slot}`)
  }
  return faults
}

/** Whether Selvedge says that it put the page together from a kept one. */
export function isKept({ headers }: Answer): boolean {
  return String(headers['server-timing']).includes('sv-page;desc="kept"')
}

/** The mark stands in the element of that id: after its start tag, before the next slot or landmark. */
function isInside(html: string, slot: string, mark: string): boolean {
  const body = html.slice(html.indexOf('<body'))
  const start = body.search(new RegExp(`<(div|section)[^>]* ?id="${slot}"`))
  const end = body.slice(start + 1).search(/<header|<section|<\/main>/)
  return start >= 0 && body.slice(start, start + 1 + end).includes(mark)
}
