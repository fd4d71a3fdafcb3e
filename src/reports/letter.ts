import { html } from 'hono/html'
import type { Overview, Standing } from '../model/overview.ts'
import type { Site } from '../model/site.ts'
import { createFormat, type Format } from './format.ts'
import { byInterest } from './interest.ts'
import { standingWords, type Told, toTold } from './words.ts'

/** What is sent to people: as it is, in an e-mail, or in a chat. */
export interface Letter {
  readonly subject: string
  readonly text: string
  /** A whole document that needs nothing from elsewhere, styled in place as e-mail clients want it. */
  readonly html: string
}

export interface Addressed {
  readonly site: Pick<Site, 'id' | 'name' | 'timezone'>
  /** Where the console is: `https://shop.example/_sv/console/`. */
  readonly console: string
}

type Markup = ReturnType<typeof html>

const STYLE = {
  page: 'margin:0;padding:24px;background:#f4f4f1;color:#1c1b29;font:16px/1.5 system-ui,sans-serif',
  sheet: 'max-width:640px;margin:0 auto;padding:24px;background:#fff;border-radius:12px',
  soft: 'color:#5a5870;font-size:14px',
  cell: 'padding:8px 12px 8px 0;border-top:1px solid #dddce6;vertical-align:top;text-align:left',
  figure: 'padding:8px 0;border-top:1px solid #dddce6;vertical-align:top;text-align:right',
} as const

/** A week of a site in a letter: what needs somebody, and each experience that was shown in a line. */
export async function toWeekly(overview: Overview, to: Addressed): Promise<Letter> {
  const format = createFormat('en-GB', to.site.timezone)
  const told = toTold(overview, format)
  const shown = overview.experiences.filter(({ lately }) => lately > 0).toSorted(byInterest)
  const subject = `${to.site.name}: ${subjectOf(told)}`
  const page = toPage(subject, { told, shown, to, format, at: overview.generatedAt })
  return { subject, text: toText({ told, shown, to, format }), html: String(await page) }
}

function subjectOf(told: readonly Told[]): string {
  const needs = told.filter(({ tone }) => tone === 'need').length
  if (needs > 0) return needs === 1 ? 'one thing needs you' : `${needs} things need you`
  return told.length > 0 ? 'your week, with news' : 'your week'
}

interface Contents {
  readonly told: readonly Told[]
  readonly shown: readonly Standing[]
  readonly to: Addressed
  readonly format: Format
}

function toText({ told, shown, to, format }: Contents): string {
  const news = told.map((one) => `- ${one.words}\n  ${linkOf(one, to)}`)
  const lines = shown.map(
    (one) =>
      `- ${one.name || one.id}: ${standingWords(one, format)} (${format.count(one.lately)} this week)`,
  )
  return [
    news.length > 0 ? news.join('\n') : 'Nothing needs you.',
    lines.length > 0 ? lines.join('\n') : 'Nothing was shown this week.',
    screenOf(to),
  ].join('\n\n')
}

function toPage(subject: string, contents: Contents & { readonly at: number }): Markup {
  const { told, shown, to, format, at } = contents
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${subject}</title></head>
<body style="${STYLE.page}">
<main style="${STYLE.sheet}">
<h1 style="margin:0;font-size:22px">${to.site.name}</h1>
<p style="margin:0 0 16px;${STYLE.soft}">The week until ${format.moment(at)}</p>
<h2 style="font-size:17px">What to know</h2>
${told.length === 0 ? html`<p>Nothing needs you.</p>` : html`<ul style="padding-left:20px">${told.map((one) => toItem(one, to))}</ul>`}
<h2 style="font-size:17px">Experiences</h2>
${shown.length === 0 ? html`<p>Nothing was shown this week.</p>` : toTable(shown, to, format)}
<p style="${STYLE.soft}">Sentences hold however often one looks. <a href="${screenOf(to)}">All figures</a></p>
</main>
</body>
</html>`
}

function toItem(one: Told, to: Addressed): Markup {
  const tone = one.tone === 'need' ? html`<strong>Needs you.</strong> ` : ''
  return html`<li style="margin-bottom:8px">${tone}${one.words} <a href="${linkOf(one, to)}">Look</a></li>`
}

function toTable(shown: readonly Standing[], to: Addressed, format: Format): Markup {
  return html`<table style="width:100%;border-collapse:collapse">
<thead><tr><th style="${STYLE.soft};text-align:left">Experience</th><th style="${STYLE.soft};text-align:right;white-space:nowrap">This week</th></tr></thead>
<tbody>${shown.map(
    (one) =>
      html`<tr><td style="${STYLE.cell}"><a href="${screenOf(to, 'figures', one.id)}">${one.name || one.id}</a><br>${standingWords(one, format)}</td>
<td style="${STYLE.figure}">${format.count(one.lately)}</td></tr>`,
  )}</tbody>
</table>`
}

/** What has come up, or is over, in a few lines. */
export function toNotice(raised: readonly Told[], cleared: readonly Told[], to: Addressed): string {
  const lines = [
    ...raised.map((one) => `${one.words}\n${linkOf(one, to)}`),
    ...cleared.map(({ words }) => `No longer so: ${words}`),
  ]
  return `${to.site.name}\n\n${lines.join('\n\n')}`
}

/** Where in the console an insight is looked into. */
export function linkOf({ to: place }: Told, to: Addressed): string {
  if (place === null) return screenOf(to)
  if ('experience' in place) return screenOf(to, 'figures', place.experience)
  return screenOf(to, place.kind, place.id)
}

function screenOf({ site, console }: Addressed, ...parts: readonly string[]): string {
  return `${console}#/${['sites', site.id, ...parts].map(encodeURIComponent).join('/')}`
}
