import { deriveKeys } from '../keys.ts'
import { signStaffToken } from '../staff/token.ts'

/** Calls the editors' API of an instance; anything but success is an error that says what it said. */
export interface ApiClient {
  get(path: string): Promise<unknown>
  /** Like `get`, but nothing for what is not there. */
  find(path: string): Promise<unknown>
  put(path: string, body: unknown): Promise<unknown>
  post(path: string, body?: unknown): Promise<unknown>
}

export function createApiClient(url: string, token: string): ApiClient {
  const call = async (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${url}/_sv/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const expect = async (response: Response): Promise<unknown> => {
    const text = await response.text()
    if (!response.ok) throw new Error(`${response.status} from ${response.url}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  return {
    get: async (path) => expect(await call('GET', path)),
    async find(path) {
      const response = await call('GET', path)
      return response.status === 404 ? undefined : expect(response)
    },
    put: async (path, body) => expect(await call('PUT', path, body)),
    post: async (path, body) => expect(await call('POST', path, body)),
  }
}

/** A token of the deployment's owner, for commands that run beside its secret. */
export async function ownerToken(keys: string, subject: string): Promise<string> {
  const ring = await deriveKeys(keys.split(','))
  return signStaffToken({ subject, role: 'owner' }, 12 * 3600, ring.staff, Date.now())
}
