import { decodeJwt } from 'jose'
import { configOf } from './config.ts'
import { decide } from './decide/decide.ts'
import type { Bundle, BundleDocument, CompiledExperience } from './model/bundle.ts'
import { openBundle } from './model/bundle.ts'
import { SHARES } from './model/learning.ts'
import { createTrail } from './model/trail.ts'
import { escapeHtml, toAscii } from './render/escape.ts'
import { render } from './render/render.ts'
import { rewrite } from './rewrite/rewrite.ts'
import { readBundle } from './site/bundle-store.ts'
import { findHome } from './site/directory.ts'
import { fetchFromOrigin, isLoop, timeoutOf, toOriginRequest } from './site/origin.ts'
import { type OpenLink, openLink } from './staff/link.ts'
import {
  PREVIEW_PARAMETER,
  type PreviewData,
  PreviewDataSchema,
  withoutPreview,
  withPreview,
} from './staff/preview-link.ts'
import { subjectOf } from './visitor/sample.ts'

const ASKS = new RegExp(`[?&]${PREVIEW_PARAMETER}=`)

/** Whether an address carries the token of a preview link. */
export function asksForPreview(url: string): boolean {
  return ASKS.test(url)
}

/** A link that was opened on a host of its site, and the bundle that it shows. */
interface Preview {
  readonly link: OpenLink
  readonly data: PreviewData
  readonly bundle: Bundle
}

/**
 * A page as a preview link shows it: the bundle and the visitor that the link names, on the origin's own
 * page. Nothing of it is counted, claimed or set. Nothing for a link that is not one of ours; a sentence
 * for one whose time is over.
 */
export async function preview(request: Request, env: Env): Promise<Response | undefined> {
  if (isLoop(request) || request.method !== 'GET') return undefined
  const url = new URL(request.url)
  const opened = await open(url, env).catch(() => 'unavailable' as const)
  if (opened === undefined) return undefined
  if (opened === 'unavailable') return plain(503, 'Previews cannot be shown right now; try again.')
  if (opened === 'expired') return plain(410, 'This preview link has expired. Ask for a new one.')
  if (opened === 'gone') return plain(410, 'What this preview link shows is no longer kept.')
  const { page, token } = withoutPreview(url)
  const { origin } = new URL(opened.bundle.site.origin)
  const asked = toOriginRequest(new Request(page, request), { origin, whole: true, url: page })
  const response = await fetchFromOrigin(asked, timeoutOf(env))
  return asPreview(show(response, opened, page), page, token, opened)
}

async function open(url: URL, env: Env): Promise<Preview | 'expired' | 'gone' | undefined> {
  const { token } = withoutPreview(url)
  const site = siteOf(token)
  if (site === undefined) return undefined
  const { keys } = await configOf(env)
  const link = await openLink(token, { purpose: 'preview', site }, keys.link, Date.now())
  if (!link.ok) return link.error === 'expired' ? 'expired' : undefined
  const data = PreviewDataSchema.parse(link.value.data)
  const read = await readBundle(data.bundle, env.DB, caches.default)
  if (!read.ok) return 'gone'
  const { hosts } = read.value.site
  const home = { site, origin: read.value.site.origin }
  if (!findHome(new Map(hosts.map((host) => [host, home])), url)) return undefined
  return { link: link.value, data, bundle: chosen(read.value, data.variants) }
}

/** Whom a token says it is for, which its signature has yet to prove; so a site needs no publication. */
function siteOf(token: string): string | undefined {
  try {
    const { aud } = decodeJwt(token)
    return typeof aud === 'string' ? aud : undefined
  } catch {
    return undefined
  }
}

/** The bundle in which some experiences show one variant to everybody, before all others of their slot. */
function chosen(bundle: Bundle, variants: PreviewData['variants']): Bundle {
  const isChosen = ({ id }: CompiledExperience) => variants[id] !== undefined
  const first = bundle.experiences.filter(isChosen).map(
    ({ id, slot, rung, window }): CompiledExperience => ({
      ...{ id, slot, rung, window, kind: 'rule', show: 1, floor: 0 },
      arms: [[variants[id] ?? '', SHARES]],
    }),
  )
  const rest = bundle.experiences.filter((experience) => !isChosen(experience))
  const document: BundleDocument = { ...bundle, experiences: [...first, ...rest] }
  return openBundle(document, bundle.hash)
}

/** The origin's page with what the sample visitor would get of learned shares that are still even. */
function show(response: Response, { link, data, bundle }: Preview, page: URL): Response {
  const now = Date.now()
  const { timezone } = bundle.site
  const subject = subjectOf(data.visitor, { timezone, attributes: bundle.attributes ?? [] }, now)
  const signals = { ...subject.signals, path: page.pathname }
  const inputs = { subject: { ...subject, signals }, now, measured: false }
  const decisions = decide(inputs, bundle, {}, data.bundle)
  const { fragments } = render(decisions, inputs.subject, bundle)
  const trail = createTrail(Date.now, console.warn)
  const plan = {
    ...{ fragments, watched: [], sampled: false, cookies: [] },
    timing: trail.serverTiming('preview'),
    atEnd: () => banner(link, page),
  }
  return rewrite(response, plan, () => undefined).response
}

/** Says what this is, outside the page's own styles; without them it is a plain line at its end. */
function banner({ until }: OpenLink, page: URL): string {
  const end = new Date(until).toISOString().slice(0, 16).replace('T', ' ')
  const html = `<sv-preview role="region" aria-label="Preview"><template shadowrootmode="open"><link rel="stylesheet" href="/_sv/banner.css"><p><b>Preview</b> This is not published and counts nowhere. The link works until ${end} UTC. <a href="${escapeHtml(page.pathname + page.search)}" target="_top">See the live page</a></p></template></sv-preview>`
  return toAscii(html)
}

/** What no page of a preview may do: be stored or indexed, set a cookie, or be framed elsewhere. */
function asPreview(shown: Response, page: URL, token: string, { data }: Preview): Response {
  const response = new Response(shown.body, shown)
  const { headers } = response
  for (const name of ['set-cookie', 'x-frame-options']) headers.delete(name)
  headers.set('cache-control', 'private, no-store')
  headers.set('x-robots-tag', 'noindex')
  // The address is a key: other sites are not told it.
  headers.set('referrer-policy', 'strict-origin')
  headers.set('content-security-policy', framedBy(data.console, headers))
  const location = headers.get('location')
  if (location !== null) headers.set('location', followed(location, page, token))
  return response
}

/** The page's policies, each with this console as the only one that may frame it. */
function framedBy(console: string, headers: Headers): string {
  const policies = (headers.get('content-security-policy') ?? '').split(',')
  const framing = `frame-ancestors ${console}`
  const others = (policy: string) =>
    policy
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '' && !/^frame-ancestors\b/i.test(part))
  return policies.map((policy) => [...others(policy), framing].join('; ')).join(', ')
}

/** A redirect within the site stays a preview. */
function followed(location: string, page: URL, token: string): string {
  if (!URL.canParse(location, page)) return location
  const target = new URL(location, page)
  return target.origin === page.origin ? withPreview(target, token) : location
}

function plain(status: number, sentence: string): Response {
  return new Response(`${sentence}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}
