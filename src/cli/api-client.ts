import { deriveKeys } from '../keys.ts'
import type { Problem } from '../model/problem.ts'
import { signStaffToken } from '../staff/token.ts'

/** Calls the editors' API of an instance; anything but success is an `ApiError`. */
export interface ApiClient {
  get(path: string): Promise<unknown>
  /** Like `get`, but nothing for what is not there. */
  find(path: string): Promise<Found | undefined>
  put(path: string, body: unknown, condition?: Condition): Promise<Found>
  post(path: string, body?: unknown): Promise<unknown>
}

/** An answer with the version of what it is about. */
export interface Found {
  readonly body: unknown
  readonly etag: string
}

/** What must be so for a change to be made: `{'if-match': '"12"'}`, `{'if-none-match': '*'}`. */
export type Condition = Readonly<Partial<Record<'if-match' | 'if-none-match', string>>>

/** What the API said instead of doing what it was asked. */
export class ApiError extends Error {
  readonly status: number
  /** Stable code of the problem; `''` where it was none of ours. */
  readonly code: string
  readonly errors: readonly Problem[]

  constructor(response: Response, text: string) {
    const { code = '', title = text, detail, errors = [] } = toProblem(text)
    super(`${response.status} from ${response.url}: ${detail ?? title}`)
    this.status = response.status
    this.code = code
    this.errors = errors
  }
}

interface ProblemDocument {
  readonly code?: string
  readonly title?: string
  readonly detail?: string
  readonly errors?: readonly Problem[]
}

/** A problem document (RFC 9457); whatever else answers is told as it is. */
function toProblem(text: string): ProblemDocument {
  try {
    const document: unknown = JSON.parse(text)
    return typeof document === 'object' && document !== null ? document : {}
  } catch {
    return {}
  }
}

export function createApiClient(url: string, token: string): ApiClient {
  const call = (method: string, path: string, body?: unknown, condition: Condition = {}) =>
    fetch(`${url}/_sv/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...condition,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const expect = async (response: Response): Promise<Found> => {
    const text = await response.text()
    if (!response.ok) throw new ApiError(response, text)
    const body = text === '' ? undefined : JSON.parse(text)
    return { body, etag: response.headers.get('etag') ?? '' }
  }
  return {
    get: async (path) => (await expect(await call('GET', path))).body,
    async find(path) {
      const response = await call('GET', path)
      return response.status === 404 ? undefined : expect(response)
    },
    put: async (path, body, condition) => expect(await call('PUT', path, body, condition)),
    post: async (path, body) => (await expect(await call('POST', path, body))).body,
  }
}

/** A token of the deployment's owner, for commands that run beside its secret. */
export async function ownerToken(keys: string, subject: string): Promise<string> {
  const ring = await deriveKeys(keys.split(','))
  return signStaffToken({ subject, role: 'owner' }, 12 * 3600, ring.staff, Date.now())
}
