import { drizzle } from 'drizzle-orm/d1'
import { logAct } from '../db/change-log.ts'
import {
  addScheduled,
  listDue,
  type Scheduled,
  type ScheduleState,
  settleScheduled,
} from '../db/schedule.ts'
import type { Configuration } from '../model/configuration.ts'
import type { Problem } from '../model/problem.ts'
import { err, ok, type Result } from '../model/result.ts'
import type { Platform } from './check.ts'
import { compile } from './compile.ts'
import { keepForGood, toKept } from './documents.ts'
import { makeKeptCurrent, type PublishChange, takenHosts } from './publish.ts'

/**
 * Keeps a configuration as it is now, compiled, to be published at a time (epoch ms), or tells its mistakes.
 * Changes of the draft after this do not go with it: what was checked and approved is what goes live.
 */
export async function schedulePublication(
  configuration: Configuration,
  at: number,
  env: Env,
  change: PublishChange,
  platform: Platform,
): Promise<Result<Scheduled, readonly Problem[]>> {
  const compiled = compile(configuration, platform)
  if (!compiled.ok) return compiled
  const taken = await takenHosts(configuration, env.DB)
  if (taken.length > 0) return err(taken)
  const [bundle, draft] = await Promise.all([toKept(compiled.value), toKept(configuration)])
  const d1 = drizzle(env.DB)
  const [first, ...rest] = [bundle, draft].flatMap((document) => keepForGood(d1, document))
  if (first) await d1.batch([first, ...rest])
  const { id: site } = configuration.site
  const { note = '' } = change
  const row = { site, at, hash: bundle.hash, configuration: draft.hash, note }
  const added = await addScheduled(env.DB, row, change)
  await env.PUBLISHERS.getByName(site).plan(site)
  return ok(added)
}

/**
 * Makes current what is due of a site, the oldest first. What cannot be published any more is noted as
 * failed, with the reason; whatever else goes wrong is thrown, and is tried again.
 */
export async function publishScheduled(site: string, env: Env, now: number): Promise<void> {
  for (const due of await listDue(env.DB, site, now)) {
    const { hash, configuration, by, role, note } = due
    const change = { by, role, at: now, note }
    const made = await makeKeptCurrent({ hash, configuration }, env, change)
    await settle(due, env, made.ok ? { state: 'done' } : { state: 'failed', detail: made.error })
  }
}

async function settle(
  due: Scheduled,
  env: Env,
  end: { state: Exclude<ScheduleState, 'waiting'>; detail?: string },
): Promise<void> {
  await settleScheduled(env.DB, due, end)
  if (end.state !== 'failed') return
  const change = { by: due.by, role: due.role, at: Date.now() }
  const summary = `Could not publish ${due.hash}: ${end.detail}`
  await logAct(env.DB, change, { action: 'fail', site: due.site, kind: 'scheduled', summary })
}
