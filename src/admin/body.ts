import type { Context } from 'hono'
import type * as z from 'zod'
import type { Problem } from '../model/problem.ts'
import { problem, toProblems } from '../problem.ts'

/** Of any document; a draft as a whole is the largest. */
const MAX_BODY_BYTES = 8 * 1024 * 1024

/** What a body says, by its schema, or the answer that says why not. */
export type Body<T> = { ok: true; value: T } | { ok: false; response: Response }

/** Whether a request says that its body is JSON. */
export function isJson(c: Context): boolean {
  return /^application\/json\b/i.test(c.req.header('content-type') ?? '')
}

/** The JSON of a request's body, whatever it says. */
export async function readJson(c: Context): Promise<Body<unknown>> {
  const refuse = (code: 'bad_json' | 'too_large' | 'unsupported_media') =>
    ({ ok: false, response: problem(c, code) }) as const
  if (!isJson(c)) return refuse('unsupported_media')
  const text = await c.req.text()
  if (text.length > MAX_BODY_BYTES) return refuse('too_large')
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return refuse('bad_json')
  }
}

/** The document in a request's body; each of its mistakes is told with a pointer. */
export async function readBodyOf<T>(c: Context, schema: z.ZodType<T>): Promise<Body<T>> {
  const body = await readJson(c)
  if (!body.ok) return body
  const parsed = schema.safeParse(body.value)
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, response: problem(c, 'invalid', { errors: toProblems(parsed.error) }) }
}

/** A document is kept under the id that it bears itself. */
export function mismatch(id: string, address: string, pointer: string): Problem[] {
  const detail = `The document is of “${id}”, the address of “${address}”.`
  return id === address ? [] : [{ code: 'invalid', pointer, detail }]
}
