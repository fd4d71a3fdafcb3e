import { decide } from '../decide/decide.ts'
import {
  type Bundle,
  type BundleDocument,
  type CompiledExperience,
  openBundle,
} from '../model/bundle.ts'
import { SHARES } from '../model/learning.ts'
import { createTrail } from '../model/trail.ts'
import { escapeHtml, toAscii } from '../render/escape.ts'
import { render } from '../render/render.ts'
import { rewrite } from '../rewrite/rewrite.ts'
import { readBundle } from '../site/bundle-store.ts'
import type { OpenLink } from '../staff/link.ts'
import { type PreviewData, PreviewDataSchema, withToken } from '../staff/page-link.ts'
import { subjectOf } from '../visitor/sample.ts'
import {
  fetchPage,
  forStaff,
  isOnHosts,
  type LinkedPage,
  openLinkedPage,
  sentence,
} from './linked-page.ts'

/** A link that was opened on a host of its site, and the bundle that it shows. */
interface Preview extends LinkedPage {
  readonly data: PreviewData
  readonly bundle: Bundle
}

/**
 * A page as a preview link shows it: the bundle and the visitor that the link names, on the origin's own
 * page. Nothing of it is counted, claimed or set. Nothing for a link that is not one of ours; a sentence
 * for one whose time is over.
 */
export async function preview(request: Request, env: Env): Promise<Response | undefined> {
  const opened = await open(request, env).catch(() => 'unavailable' as const)
  if (opened === undefined) return undefined
  if (typeof opened === 'string') return REFUSALS[opened]()
  const response = await fetchPage(request, opened.page, opened.bundle.site.origin, env)
  return asPreview(show(response, opened), opened)
}

const REFUSALS = {
  unavailable: () => sentence(503, 'Previews cannot be shown right now; try again.'),
  expired: () => sentence(410, 'This preview link has expired. Ask for a new one.'),
  gone: () => sentence(410, 'What this preview link shows is no longer kept.'),
} as const

async function open(request: Request, env: Env): Promise<Preview | 'expired' | 'gone' | undefined> {
  const linked = await openLinkedPage(request, 'preview', env)
  if (linked === undefined || linked === 'expired') return linked
  const data = PreviewDataSchema.parse(linked.link.data)
  const read = await readBundle(data.bundle, env.DB, caches.default)
  if (!read.ok) return 'gone'
  if (!isOnHosts(linked.page, read.value.site.hosts)) return undefined
  return { ...linked, data, bundle: chosen(read.value, data.variants) }
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
function show(response: Response, { link, data, bundle, page }: Preview): Response {
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

/** Framed by its console alone; a redirect within the site stays a preview. */
function asPreview(shown: Response, { data, page, token }: Preview): Response {
  const policies = shown.headers.get('content-security-policy') ?? ''
  const response = forStaff(shown, framedBy(data.console, policies))
  const location = shown.headers.get('location')
  if (location !== null) response.headers.set('location', followed(location, page, token))
  return response
}

/** A page's policies, each with this console as the only one that may frame it. */
function framedBy(console: string, policies: string): string {
  const framing = `frame-ancestors ${console}`
  const others = (policy: string) =>
    policy
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '' && !/^frame-ancestors\b/i.test(part))
  return policies
    .split(',')
    .map((policy) => [...others(policy), framing].join('; '))
    .join(', ')
}

function followed(location: string, page: URL, token: string): string {
  if (!URL.canParse(location, page)) return location
  const target = new URL(location, page)
  return target.origin === page.origin ? withToken(target, 'preview', token) : location
}
