import { DurableObject } from 'cloudflare:workers'
import { foldHours, writeReport } from '../db/reports.ts'
import type { Audit } from '../model/audit.ts'
import type { History } from '../model/history.ts'
import type { Total } from '../model/learning.ts'
import { toRows } from './history.ts'
import { relearn } from './learn.ts'
import { LearnerStore } from './learner-store.ts'
import { listen, tell } from './live.ts'
import { keep, outset, rollBack, withoutVoided } from './rollback.ts'
import { checkSampleRatio } from './sample-ratio.ts'
import { covers } from './shares.ts'
import { findOddSources } from './sources.ts'
import { absorb, type LearnerState, newState, type Policy, type Report } from './state.ts'
import { record, type Timeline } from './timeline.ts'

/** From a report to new weights; weights are published no faster than this either. */
const LEARN_MS = 1_000

/** D1 takes hundreds of writes a second in all, for all learners together. */
const ROLLUP_EVERY_MS = 2_000

const RETRY_MS = 5_000

/** An audit reads every total that there is. */
const AUDIT_EVERY_MS = 60_000

const DAY_MS = 86_400_000

/** As long as counts are kept by the hour. */
const HOURLY_MS = 100 * DAY_MS

/**
 * Learns one experience's weights. Named `<site>/<experience>`. Visitor shards report absolute totals;
 * the board gets each new version of the weights, D1 the versions and the hourly counts.
 */
export class Learner extends DurableObject<Env> {
  readonly #store: LearnerStore
  #timeline: Timeline
  #caughtUp = false
  #rolledUpAt = 0
  #auditedAt = 0
  #foldedAt = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#store = new LearnerStore(ctx.storage.sql)
    this.#timeline = this.#store.timeline(Date.now())
  }

  /** Publish tells which arms there are from now on, before a bundle with them is current. */
  async configure(arms: readonly string[], policy: Policy): Promise<void> {
    const known = this.#store.state()
    this.#store.saveState(known ? { ...known, arms, policy } : newState(arms, policy))
    await this.#wakeIn(0)
  }

  /** Takes a source's totals in; the same report again changes nothing. */
  async report(report: Report): Promise<void> {
    const now = Date.now()
    let added: readonly Total[] = []
    this.#write(() => {
      const changes = absorb(report, (row) => this.#store.find(row))
      for (const change of changes) this.#store.write(change, now)
      added = changes.map(({ delta }) => delta)
      const counted = withoutVoided(added, this.#store.state()?.voided ?? [])
      return counted.length > 0 ? record(this.#timeline, counted, now) : this.#timeline
    })
    tell(this.ctx, added, now)
    await this.#wakeIn(LEARN_MS)
  }

  /** A WebSocket on which each report is told as it comes (`News`). */
  override fetch(request: Request): Response {
    return listen(this.ctx, request, Date.now())
  }

  /** Nothing is to be said from there. */
  override webSocketMessage(): void {}

  /**
   * Begins with what an experience has done elsewhere, and learns on from there; false where something
   * was counted here already.
   */
  async takeOver(history: History): Promise<boolean> {
    await this.#catchUp()
    if (this.#store.totals().length > 0) return false
    const { rows, timeline } = toRows(history)
    const newest = history.versions.at(-1)
    const state = this.#store.state()
    this.#write(() => {
      this.#store.writeHistory(rows)
      for (const weights of history.versions) this.#store.saveVersion(weights)
      if (state && newest) this.#store.saveState({ ...state, weights: newest })
      return timeline
    })
    await this.#wakeIn(0)
    return true
  }

  /** Publishes weights from everything counted by now, whether or not they were due. */
  async learnNow(): Promise<number> {
    await this.#catchUp()
    const state = this.#learn({ force: true })
    await this.#publish(state, Date.now())
    return state?.weights.version ?? 0
  }

  /**
   * Publishes an earlier version's weights again, 0 being the even split, and forgets what was counted
   * since: the new version's number, or nothing where that version is not kept.
   */
  async rollBack(version: number): Promise<number | undefined> {
    await this.#catchUp()
    const state = this.#store.state()
    // Fixed shares come from what is published, and go back with it.
    if (state?.policy.fixed) return undefined
    const kept = state && (version === 0 ? outset(state) : this.#store.keptVersion(version))
    if (!state || !kept) return undefined
    const now = Date.now()
    const back = rollBack(state, this.#timeline, kept, now)
    this.#write(() => {
      this.#save(back.state, back.timeline)
      return back.timeline
    })
    await this.#publish(back.state, now)
    return back.state.weights.version
  }

  override async alarm(): Promise<void> {
    try {
      await this.#catchUp()
      const state = this.#learn({ force: false })
      // Arms that came with a publish right after another one still wait for their weights.
      if (state && !covers(state.weights, state.arms)) await this.#wakeIn(LEARN_MS)
      await this.#publish(state, Date.now())
    } catch (error) {
      console.warn(JSON.stringify({ event: 'learner_delayed', detail: String(error) }))
      await this.#wakeIn(RETRY_MS)
    }
  }

  /**
   * After a start from an older snapshot the board is ahead: what it shows was published from here, and
   * its number must not be given to other weights. Where the board is behind, it hears again.
   */
  async #catchUp(): Promise<void> {
    if (this.#caughtUp) return
    const { site, experience } = this.#name()
    const board = this.env.BOARD.getByName(site)
    const shown = (await board.read(undefined))?.weights[experience]
    const state = this.#store.state()
    const own = state?.weights.version ?? 0
    if (state && shown && shown.version > own) {
      this.#store.saveState({ ...state, weights: shown })
    } else if (state && own > (shown?.version ?? 0)) {
      await board.setWeights(experience, state.weights)
    }
    this.#caughtUp = true
  }

  #learn({ force }: { force: boolean }): LearnerState | undefined {
    const state = this.#store.state()
    const learned = state && relearn(state, this.#timeline, Date.now(), { force })
    if (!learned) return state
    this.ctx.storage.transactionSync(() => this.#save(learned, this.#timeline))
    return learned
  }

  #save(state: LearnerState, timeline: Timeline): void {
    this.#store.saveState(state)
    this.#store.saveVersion(state.weights)
    this.#store.keepVersion(keep(state, timeline))
  }

  /** One transaction, which ends in the timeline as it is from now on. */
  #write(change: () => Timeline): void {
    this.#timeline = this.ctx.storage.transactionSync(() => {
      const after = change()
      this.#store.saveTimeline(this.#timeline, after)
      return after
    })
  }

  async #publish(state: LearnerState | undefined, now: number): Promise<void> {
    const { site, experience } = this.#name()
    const versions = this.#store.unsentVersions()
    if (state && versions.length > 0) {
      await this.env.BOARD.getByName(site).setWeights(experience, state.weights)
    }
    if (now - this.#rolledUpAt < ROLLUP_EVERY_MS) return this.#wakeIn(ROLLUP_EVERY_MS)
    this.#rolledUpAt = now
    const unsent = {
      versions,
      hours: this.#store.changedHours(),
      totals: this.#store.changedTotals(),
    }
    const auditDue = now - this.#auditedAt >= AUDIT_EVERY_MS
    const audit = auditDue ? this.#audit(state, now) : undefined
    await writeReport(this.env.DB, { site, experience, ...unsent, audit })
    this.#store.markSent(unsent, now)
    await this.#fold(now)
    if (auditDue) this.#auditedAt = now
    else await this.#wakeIn(AUDIT_EVERY_MS)
    // A write is bounded, and counts go on while it is under way.
    if (this.#store.hasUnsent()) await this.#wakeIn(ROLLUP_EVERY_MS)
  }

  /** Once a day, what nobody reads hour by hour any more becomes days. */
  async #fold(now: number): Promise<void> {
    if (now - this.#foldedAt < DAY_MS) return
    const { site, experience } = this.#name()
    await foldHours(this.env.DB, { site, experience, before: now - HOURLY_MS })
    this.#foldedAt = now
  }

  #audit(state: LearnerState | undefined, at: number): Audit {
    const rung = state?.policy.rung ?? 'delivered'
    const tallies = this.#store.sources().map(({ source, variant, counts }) => ({
      ...{ source, variant, trials: counts[rung], rewarded: counts.rewarded },
    }))
    const shown = this.#store
      .totals()
      .map(({ counts, ...arm }) => ({ ...arm, shown: counts.delivered }))
    const isPick = state !== undefined && state.policy.kind !== 'ranked'
    return {
      at,
      sampleRatio: isPick ? checkSampleRatio(shown, this.#store.keptWeights()) : null,
      oddSources: findOddSources(tallies),
    }
  }

  #name(): { site: string; experience: string } {
    const [site = '', experience = ''] = (this.ctx.id.name ?? '').split('/')
    return { site, experience }
  }

  async #wakeIn(ms: number): Promise<void> {
    const due = await this.ctx.storage.getAlarm()
    const at = Date.now() + ms
    if (due === null || due > at) await this.ctx.storage.setAlarm(at)
  }
}
