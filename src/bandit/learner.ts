import { DurableObject } from 'cloudflare:workers'
import { writeReport } from '../db/reports.ts'
import { relearn } from './learn.ts'
import { LearnerStore } from './learner-store.ts'
import { covers } from './shares.ts'
import { absorb, type LearnerState, newState, type Policy, type Report } from './state.ts'

/** From a report to new weights; weights are published no faster than this either. */
const LEARN_MS = 1_000

/** D1 takes hundreds of writes a second in all, for all learners together. */
const ROLLUP_EVERY_MS = 2_000

const RETRY_MS = 5_000

/**
 * Learns one experience's weights. Named `<site>/<experience>`. Visitor shards report absolute totals;
 * the board gets each new version of the weights, D1 the versions and the hourly counts.
 */
export class Learner extends DurableObject<Env> {
  readonly #store: LearnerStore
  #rolledUpAt = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#store = new LearnerStore(ctx.storage.sql)
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
    this.ctx.storage.transactionSync(() => {
      for (const change of absorb(report, (row) => this.#store.find(row))) {
        this.#store.write(change, now)
      }
    })
    await this.#wakeIn(LEARN_MS)
  }

  /** Publishes weights from everything counted by now, whether or not they were due. */
  async learnNow(): Promise<number> {
    const state = this.#learn({ force: true })
    await this.#publish(state, Date.now())
    return state?.weights.version ?? 0
  }

  override async alarm(): Promise<void> {
    const state = this.#learn({ force: false })
    // Arms that came with a publish right after another one still wait for their weights.
    if (state && !covers(state.weights, state.arms)) await this.#wakeIn(LEARN_MS)
    try {
      await this.#publish(state, Date.now())
    } catch (error) {
      console.warn(JSON.stringify({ event: 'learner_delayed', detail: String(error) }))
      await this.#wakeIn(RETRY_MS)
    }
  }

  #learn({ force }: { force: boolean }): LearnerState | undefined {
    const state = this.#store.state()
    const learned = state && relearn(state, this.#store.tallies(), Date.now(), { force })
    if (!learned) return state
    this.ctx.storage.transactionSync(() => {
      this.#store.saveState(learned)
      this.#store.saveVersion(learned.weights)
    })
    return learned
  }

  async #publish(state: LearnerState | undefined, now: number): Promise<void> {
    const [site = '', experience = ''] = (this.ctx.id.name ?? '').split('/')
    const versions = this.#store.unsentVersions()
    if (state && versions.length > 0) {
      await this.env.BOARD.getByName(site).setWeights(experience, state.weights)
    }
    if (now - this.#rolledUpAt < ROLLUP_EVERY_MS) return this.#wakeIn(ROLLUP_EVERY_MS)
    this.#rolledUpAt = now
    const hours = this.#store.changedHours()
    await writeReport(this.env.DB, { site, experience, versions, hours })
    this.#store.markSent(versions, hours)
    // A write is bounded, and counts go on while it is under way.
    if (this.#store.hasUnsent()) await this.#wakeIn(ROLLUP_EVERY_MS)
  }

  async #wakeIn(ms: number): Promise<void> {
    const due = await this.ctx.storage.getAlarm()
    const at = Date.now() + ms
    if (due === null || due > at) await this.ctx.storage.setAlarm(at)
  }
}
