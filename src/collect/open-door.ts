import type { Context } from 'hono'
import type { Bundle } from '../model/bundle.ts'
import { err, ok, type Result } from '../model/result.ts'
import type { problem } from '../problem.ts'
import type { Revocations } from '../site/board.ts'
import { currentSite, findHomeOf } from '../site/current.ts'
import type { Background } from '../site/kept.ts'

export type EventContext = Context<{ Bindings: Env }>

/** What every event door needs of the site it belongs to. */
export interface Door {
  readonly bundle: Bundle
  readonly revoked: Revocations
  readonly background: Background
}

type Tail<T> = T extends readonly [unknown, ...infer Rest] ? Rest : never

/** The site whose host was asked, or the problem to answer with. */
export async function openDoor(
  c: EventContext,
): Promise<Result<Door, Tail<Parameters<typeof problem>>>> {
  const background: Background = (work) => c.executionCtx.waitUntil(work)
  const home = await findHomeOf(new URL(c.req.url), c.env, background)
  if (!home) return err(['not_found'])
  const found = await currentSite(home.site, c.env, background)
  if (!found.ok) return err(['unavailable', { detail: found.error }])
  const { bundle, board } = found.value
  return ok({ bundle, revoked: board.revoked, background })
}
