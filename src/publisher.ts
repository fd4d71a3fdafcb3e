import { DurableObject } from 'cloudflare:workers'
import { publishScheduled } from './admin/scheduled.ts'
import { nextDue } from './db/schedule.ts'

/** Ms until it is tried again where the database or another part did not answer. */
const AGAIN_MS = 30_000

/** One per site: makes current what is scheduled, when its time has come. What that is, is in D1. */
export class Publisher extends DurableObject<Env> {
  /** Told of every change of the schedule, so that the next time is known through restarts. */
  async plan(site: string): Promise<void> {
    await this.ctx.storage.put('site', site)
    await this.#setNext(site)
  }

  override async alarm(): Promise<void> {
    const site = await this.ctx.storage.get<string>('site')
    if (site === undefined) return
    try {
      await publishScheduled(site, this.env, Date.now())
      await this.#setNext(site)
    } catch (error) {
      console.error(JSON.stringify({ event: 'not_published', site, detail: String(error) }))
      await this.ctx.storage.setAlarm(Date.now() + AGAIN_MS)
    }
  }

  async #setNext(site: string): Promise<void> {
    const at = await nextDue(this.env.DB, site)
    if (at === undefined) await this.ctx.storage.deleteAlarm()
    else await this.ctx.storage.setAlarm(at)
  }
}
