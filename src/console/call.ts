import type { Result } from '../model/result.ts'
import { err, ok } from '../model/result.ts'

/** One mistake in what was sent, with a JSON pointer (RFC 6901) to where it stands. */
export interface Mistake {
  readonly code: string
  readonly pointer: string
  /** A sentence that says what to do. */
  readonly detail: string
}

/** Why a call brought nothing. `detail` is a sentence for the reader. */
export type Refusal =
  | { readonly reason: 'unreachable'; readonly detail: string }
  | { readonly reason: 'signed-out'; readonly detail: string }
  | { readonly reason: 'forbidden'; readonly detail: string }
  | { readonly reason: 'not-found'; readonly detail: string }
  /** Somebody else has changed it since; `current` is what they made of it. */
  | { readonly reason: 'conflict'; readonly detail: string; readonly current: unknown }
  | {
      readonly reason: 'refused'
      readonly detail: string
      readonly mistakes?: readonly Mistake[]
    }

export type Answer<T> = Promise<Result<T, Refusal>>

export const API = '/_sv/api/v1'

/** Milliseconds after which a call counts as unreachable; a check that looks at pages takes seconds. */
const PATIENCE = 30_000

/** Path of something of a site. */
export function sitePath(site: string, ...parts: readonly string[]): string {
  return `/${['sites', site, ...parts].map(encodeURIComponent).join('/')}`
}

/** One call. The answer is ours and same-origin, so its shape is trusted. */
export async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer<T> {
  try {
    const type: Record<string, string> =
      body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(API + path, {
      method,
      headers: { ...type, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE),
    })
    if (!response.ok) return err(await toRefusal(response))
    return ok(response.status === 204 ? null : await response.json())
  } catch {
    return err({ reason: 'unreachable', detail: 'Selvedge cannot be reached right now.' })
  }
}

type Plain = Exclude<Refusal, { reason: 'conflict' }>['reason']

const REASONS: Readonly<Record<number, Plain>> = {
  401: 'signed-out',
  403: 'forbidden',
  404: 'not-found',
  502: 'unreachable',
  503: 'unreachable',
  504: 'unreachable',
}

/** A problem document (RFC 9457) as a refusal; whatever else answers is told by its status. */
async function toRefusal(response: Response): Promise<Refusal> {
  const problem: unknown = await response.json().catch(() => null)
  const said = text(read(problem, 'detail')) ?? text(read(problem, 'title'))
  const detail = said ?? `The server answered with status ${response.status}.`
  if (response.status === 412)
    return { reason: 'conflict', detail, current: read(problem, 'current') }
  const reason = REASONS[response.status] ?? 'refused'
  return reason === 'refused'
    ? { reason, detail, mistakes: toMistakes(problem) }
    : { reason, detail }
}

function toMistakes(problem: unknown): readonly Mistake[] {
  const errors = read(problem, 'errors')
  if (!Array.isArray(errors)) return []
  return errors.map((mistake: unknown) => ({
    code: text(read(mistake, 'code')) ?? 'invalid',
    pointer: text(read(mistake, 'pointer')) ?? '',
    detail: text(read(mistake, 'detail')) ?? 'This is not right.',
  }))
}

function read(value: unknown, member: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
