import { env, exports } from 'cloudflare:workers'
import { deriveKeys } from '../../src/keys.ts'
import type { Configuration } from '../../src/model/configuration.ts'
import { type Role, signStaffToken } from '../../src/staff/token.ts'

export const keys = await deriveKeys(env.SELVEDGE_KEYS.split(','))

export const HOST = 'https://shop.test'

/** A staff token as `npm run token` makes it. */
export function staffToken(role: Role, seconds = 60): Promise<string> {
  return signStaffToken({ subject: `a-${role}`, role }, seconds, keys.staff, Date.now())
}

const owner = await staffToken('owner', 600)

interface Asked {
  readonly token?: string
  readonly headers?: Record<string, string>
  /** Sent as JSON. */
  readonly body?: unknown
}

/** Asks the worker, over its front door. */
export function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(new URL(path, HOST), { redirect: 'manual', ...init }))
}

/** Asks the editors’ API, as an owner unless another token is given. */
export function askApi(
  route: string,
  { token = owner, headers, body }: Asked = {},
): Promise<Response> {
  const [method = '', path = ''] = route.split(' ')
  return ask(`/_sv/api/v1${path}`, {
    method,
    headers: {
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

export interface ProblemBody {
  readonly type: string
  readonly code: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly errors?: readonly { code: string; pointer: string; detail: string }[]
}

/** The problem that a door answered with; throws when it answered something else. */
export async function problemOf(response: Response): Promise<ProblemBody> {
  const text = await response.text()
  const type = response.headers.get('content-type')
  if (type !== 'application/problem+json') throw new Error(`${response.status} ${type}: ${text}`)
  return JSON.parse(text)
}

/** Drafts and publishes; gives the name of the bundle, or the problem. */
export async function publishDraft(
  configuration: Configuration,
): Promise<{ bundle: string } | ProblemBody> {
  const { id } = configuration.site
  const drafted = await askApi(`PUT /sites/${id}/configuration`, { body: configuration })
  if (drafted.status !== 204) return problemOf(drafted)
  const published = await askApi(`POST /sites/${id}/publish`)
  return published.status === 201 ? published.json() : problemOf(published)
}
