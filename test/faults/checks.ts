import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import type { Answer } from './client.ts'
import { type Comparison, compare, type Piece, splitBeacon } from './page.ts'
import { ownCookie, type Person } from './people.ts'
import { WHO } from './site.ts'

/** What one answer was, and what is wrong with it, if anything. */
export interface Outcome {
  /** For the table: how the visitor fared. */
  readonly how: string
  readonly wrong?: string
}

export interface Asked {
  readonly path: string
  readonly person: Person
  /** What the origin's page is made of; empty for what is no page. */
  readonly pieces: readonly Piece[]
}

export type Check = (answer: Answer, asked: Asked) => Outcome

/** How much of a page became personal. */
export type Form = 'personal' | 'as a guest' | 'in part' | 'origin’s page'

interface WholeOptions {
  readonly allow: readonly Form[]
  /** What `Server-Timing` has to say. */
  readonly says?: RegExp
  /** Nothing of ours went wrong, so that nothing has to be said. */
  readonly quiet?: boolean
  readonly status?: number
}

/**
 * A complete page: every byte outside the slots as the origin sent it, every slot in a known form,
 * nothing personal that a cache may keep, and a reason wherever less than all was done.
 */
export function whole({ allow, says, quiet = false, status = 200 }: WholeOptions): Check {
  return (answer, { person, pieces }) => {
    const cut = cutOff(answer)
    if (cut) return cut
    if (answer.status !== status) return wrong(`status ${answer.status}`)
    const body = decode(answer)
    if (!body) return wrong('its encoding is broken')
    const { page, beacon } = splitBeacon(body)
    const seen = compare(page, pieces)
    if (seen.kind === 'differs') {
      return wrong(`byte ${seen.at}: ${seen.got} instead of ${seen.wanted}`)
    }
    const form = formOf(seen, person)
    const reason = reasonOf(answer)
    const how = reason ? `${form} (${reason})` : form
    const complaint =
      cacheable(answer, form !== 'origin’s page' || beacon !== '') ??
      (allow.includes(form) ? undefined : `it is ${form}`) ??
      (form === 'personal' || quiet || reason ? undefined : 'no reason is given') ??
      (says && !says.test(reason) ? `the reason given is “${reason}”` : undefined)
    return { how, wrong: complaint }
  }
}

/** The page as personal as this person's can be. */
export const personal = whole({ allow: ['personal'] })

/** The origin's own page, and why. */
export function untouched(says: RegExp): Check {
  return whole({ allow: ['origin’s page'], says })
}

/** The origin's own page, which is as it should be. */
export const passed = whole({ allow: ['origin’s page'], quiet: true })

/** Whatever broke on our side: the page is complete, personal or not. */
export const complete = whole({ allow: ['personal', 'as a guest', 'in part', 'origin’s page'] })

/** Markup that hides a slot: what can be seen of it is filled, and nothing is wrong. */
export const asFarAsSeen = whole({ allow: ['personal', 'in part', 'origin’s page'], quiet: true })

function wrong(text: string): Outcome {
  return { how: 'wrong', wrong: text }
}

function cutOff({ complete, error, status, body }: Answer): Outcome | undefined {
  if (complete) return undefined
  return { how: 'cut off', wrong: `cut off after ${body.length} bytes, status ${status}: ${error}` }
}

function formOf({ filled, kept }: Extract<Comparison, { kind: 'same' }>, person: Person): Form {
  if (filled.size === 0) return 'origin’s page'
  if (kept.length > 0) return 'in part'
  const who = filled.get('who')
  return who === undefined || who === WHO[person.who] ? 'personal' : 'as a guest'
}

/** Words after the outcome in `Server-Timing`: `sv;desc="passed cookie_invalid"`. */
function reasonOf({ headers }: Answer): string {
  if (headers.has('x-passed-through')) return 'by the platform'
  const [, said = ''] = /sv;desc="\w+ ?([^"]*)"/.exec(headers.get('server-timing') ?? '') ?? []
  return said
}

function cacheable({ headers }: Answer, isPersonal: boolean): string | undefined {
  if (!isPersonal && ownCookie(headers) === '') return undefined
  const control = headers.get('cache-control')
  const kept = ['etag', 'last-modified', 'expires', 'surrogate-control', 'cdn-cache-control']
  const left = kept.filter((name) => headers.has(name))
  if (control !== 'private, no-store') return `a personal page says cache-control: ${control}`
  return left.length > 0 ? `a personal page has ${left}` : undefined
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gunzipSync(bytes),
  br: (bytes) => brotliDecompressSync(bytes),
  deflate: (bytes) => inflateSync(bytes),
  zstd: (bytes) => zstdDecompressSync(bytes),
  'gzip, gzip': (bytes) => gunzipSync(gunzipSync(bytes)),
}

/** The body as a browser reads it; nothing where it is not in the coding that it claims. */
export function decode({ headers, body }: Answer): Buffer | undefined {
  const decoder = DECODERS[(headers.get('content-encoding') ?? '').toLowerCase()]
  try {
    return decoder ? decoder(body) : body
  } catch {
    return undefined
  }
}

/** Nobody may take for a page what the origin broke off: it is cut off visibly, or refused. */
export const brokenOff: Check = (answer) => {
  if (!answer.complete) return { how: 'visibly cut off' }
  if (answer.status >= 502) return { how: `${answer.status} page` }
  return wrong(`${answer.status} with ${answer.body.length} bytes passes for a whole page`)
}

/** A small page that says that the origin is not there. */
export function refused(...statuses: readonly number[]): Check {
  return (answer) => {
    const cut = cutOff(answer)
    if (cut) return cut
    const how = `${answer.status} page`
    if (!statuses.includes(answer.status)) return { how, wrong: `status ${answer.status}` }
    const plain = answer.headers.get('content-type')?.startsWith('text/plain')
    return plain && answer.body.length < 1_000 ? { how } : wrong(answer.body.toString())
  }
}

/** Headers that say something of one connection or one moment; trailers workerd never passes on. */
const PASSING_HEADERS = new Set([
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'trailer',
])

/** Names of the headers in which two answers differ, other than those of their connections. */
export function differingHeaders(one: Headers, other: Headers): string[] {
  const names = new Set([...one.keys(), ...other.keys()])
  return [...names].filter((name) => {
    if (PASSING_HEADERS.has(name)) return false
    // An empty body may say so or not.
    if (name === 'content-length' && !Number(one.get(name)) && !Number(other.get(name)))
      return false
    if (name !== 'set-cookie') return one.get(name) !== other.get(name)
    return one.getSetCookie().join('\n') !== other.getSetCookie().join('\n')
  })
}

/** The same answer as another one: status, headers and bytes. */
export function sameAs(origin: Answer): Check {
  return (answer) => {
    const cut = cutOff(answer)
    if (cut) return cut
    if (answer.status !== origin.status) return wrong(`status ${answer.status}`)
    const names = differingHeaders(answer.headers, origin.headers)
    if (names.length > 0) {
      const said = names.map((name) => `${name}: ${answer.headers.get(name)}`)
      return wrong(`its headers differ: ${said.join(', ')}`)
    }
    return answer.body.equals(origin.body) ? { how: 'as sent' } : wrong('its bytes differ')
  }
}
