import type { Context } from 'hono'
import * as z from 'zod'
import { fromBase64Url, toBase64Url } from '../model/base64url.ts'
import { problem } from '../problem.ts'

const Limit = z.coerce.number().int().min(1).max(200).default(50)

/** A part of a list: so many after a place in it. */
export interface Page<T> {
  readonly limit: number
  readonly after: T | undefined
}

/** The page that `?limit=` and `?cursor=` ask for; a cursor is what the page before gave, and opaque. */
export function pageOf<T>(
  c: Context,
  schema: z.ZodType<T>,
): { ok: true; value: Page<T> } | { ok: false; response: Response } {
  const limit = Limit.safeParse(c.req.query('limit'))
  const refuse = (detail: string) =>
    ({ ok: false, response: problem(c, 'invalid', { detail }) }) as const
  if (!limit.success) return refuse('Write ?limit=<1 to 200>.')
  const text = c.req.query('cursor')
  if (text === undefined) return { ok: true, value: { limit: limit.data, after: undefined } }
  const after = schema.safeParse(decode(text))
  return after.success
    ? { ok: true, value: { limit: limit.data, after: after.data } }
    : refuse('Write ?cursor=<next of the page before>.')
}

/** What to ask for the page after this place with. */
export function toCursor(place: unknown): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(place)))
}

function decode(text: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(fromBase64Url(text)))
  } catch {
    return undefined
  }
}
