import type { Context, MiddlewareHandler } from 'hono'
import { type Answered, claimCall, keepAnswer, releaseCall } from '../db/calls.ts'
import { problem } from '../problem.ts'
import { hashOf } from '../site/bundle-store.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { isJson } from './body.ts'

const LONGEST_KEY = 255

/** Characters of an answer that are kept at most; the answers of calls that make something are short. */
const LONGEST_ANSWER = 65_536

/** Headers that belong to an answer. */
const KEPT_HEADERS = ['content-type', 'etag', 'location'] as const

const asStaff = requireRole('marketer')

/**
 * A POST with an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07) is done once: whoever
 * sends it again within a day gets the answer of the first. What was refused may be sent again, and
 * secrets are not kept.
 */
export const idempotent: MiddlewareHandler<StaffEnv> = async (c, next) => {
  const named = c.req.header('idempotency-key')
  if (c.req.method !== 'POST' || named === undefined) return next()
  if (named === '' || named.length > LONGEST_KEY) {
    return problem(c, 'invalid', {
      detail: `An Idempotency-Key has 1 to ${LONGEST_KEY} characters.`,
    })
  }
  let answer: Response | undefined
  // Nobody is given what somebody else was answered.
  const refusal = await asStaff(c, async () => {
    answer = await once(c, named, next)
  })
  return refusal ?? answer
}

async function once(
  c: Context<StaffEnv>,
  named: string,
  next: () => Promise<void>,
): Promise<Response | undefined> {
  const key = await hashOf(JSON.stringify([c.get('staff').subject, c.req.path, named]))
  const fingerprint = await hashOf(isJson(c) ? await c.req.text() : '')
  const claim = await claimCall(c.env.DB, { key, fingerprint, at: Date.now() })
  switch (claim.kind) {
    case 'other':
      return problem(c, 'key_reused')
    case 'running':
      return problem(c, 'in_progress')
    case 'done':
      return again(claim.answer)
    case 'new':
      await next()
      await settle(c, key)
      return undefined
  }
}

function again({ status, headers, body }: Answered): Response {
  const isEmpty = status === 204
  return new Response(isEmpty ? null : body, {
    status,
    headers: { ...headers, 'idempotency-replayed': 'true' },
  })
}

async function settle(c: Context<StaffEnv>, key: string): Promise<void> {
  const { res } = c
  const isSecret = res.headers.get('cache-control')?.includes('no-store')
  const body = res.ok && !isSecret ? await res.clone().text() : undefined
  if (body === undefined || body.length > LONGEST_ANSWER) return releaseCall(c.env.DB, key)
  const headers = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = res.headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
  await keepAnswer(c.env.DB, key, { status: res.status, headers, body })
}
