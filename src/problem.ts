import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type * as z from 'zod'
import type { Problem } from './model/problem.ts'

/** Stable codes of the doors' errors, with their status and what they say. */
export const PROBLEMS = {
  bad_json: [400, 'The body is not valid JSON.'],
  bad_encoding: [415, 'Send the body as it is, or with Content-Encoding: gzip.'],
  bad_events: [400, 'Send one message of the Segment spec, or {"batch": […]} to /_sv/v1/batch.'],
  bad_write_key: [401, 'This write key does not open this site.'],
  overloaded: [429, 'More is sent than can be taken right now; send it again later.'],
  slow_down: [429, 'You ask more often than anybody needs to; wait a little.'],
  invalid: [422, 'The document has mistakes; each is listed with a pointer to its field.'],
  too_large: [413, 'The body is larger than this door takes.'],
  unauthenticated: [401, 'Sign in, or send a bearer token from `npm run token`.'],
  forbidden: [403, 'Your role does not allow this.'],
  cross_site: [403, 'Requests from other sites are refused.'],
  not_found: [404, 'There is nothing here by that name.'],
  exists: [409, 'There is something by that name already.'],
  not_approved: [409, 'Somebody else must approve this draft first: ask for a review of it.'],
  own_work: [403, 'You have a part in this draft: somebody else has to approve it.'],
  key_reused: [422, 'Under this Idempotency-Key something else was sent before; take a new one.'],
  in_progress: [409, 'The same call is under way; ask again in a moment.'],
  outdated: [
    409,
    'The draft is not the one that was to be looked at; ask for a review of what it is.',
  ],
  decided: [409, 'That has been decided already.'],
  in_use: [409, 'Something else needs this; each use is listed with a pointer.'],
  precondition_failed: [412, 'It was changed since you read it; compare with what it is now.'],
  precondition_required: [428, 'Say which version you change: If-Match with the ETag you read.'],
  upgrade_required: [426, 'This door is for WebSockets.'],
  unsupported_media: [415, 'Send application/json.'],
  too_many: [409, 'There are as many of these as there may be.'],
  unavailable: [503, 'Something this door depends on is not answering; try again.'],
  not_configured: [503, 'The deployment is not configured.'],
  internal: [500, 'Something went wrong on our side; it is in the log.'],
} as const satisfies Record<string, readonly [ContentfulStatusCode, string]>

export type ProblemType = keyof typeof PROBLEMS

/** Seconds after which to try again. */
const RETRY_AFTER: Readonly<Record<number, string>> = { 429: '2', 503: '5' }

/** An error as RFC 9457 problem+json, with the mistakes it consists of where there are several. */
export function problem(
  c: Context,
  type: ProblemType,
  more: { detail?: string; errors?: readonly object[]; current?: object } = {},
): Response {
  const [status, title] = PROBLEMS[type]
  const body = JSON.stringify({ type: `/_sv/problems/${type}`, code: type, title, status, ...more })
  return c.body(body, status, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...(RETRY_AFTER[status] && { 'retry-after': RETRY_AFTER[status] }),
  })
}

/** zod's issues as problems: its path is the pointer. */
export function toProblems({ issues }: z.ZodError): Problem[] {
  return issues.map(({ path, message }) => ({
    code: 'invalid',
    pointer: path
      .map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join(''),
    detail: message,
  }))
}
