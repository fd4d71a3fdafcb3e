import { DurableObject } from 'cloudflare:workers'
import type { QuotaUse } from '../model/cap.ts'
import { type Ask, type Grant, Places } from './places.ts'

/**
 * The places of one quota: a campaign's group, or an offer's stock. Named `<site>/<quota>`. What a call
 * writes is on disk before its answer leaves (output gate), so that no place is given twice through
 * a crash.
 */
export class Quota extends DurableObject<Env> {
  readonly #places: Places
  #isListed = false

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#places = new Places(ctx.storage.sql)
  }

  async take(ask: Ask): Promise<Grant> {
    await this.#list()
    return this.ctx.storage.transactionSync(() => this.#places.take(ask, Date.now()))
  }

  /** The site's board knows of each quota before anybody has a place: who is erased is looked for in all. */
  async #list(): Promise<void> {
    if (this.#isListed) return
    const { name = '' } = this.ctx.id
    const [site = '', ...quota] = name.split('/')
    await this.env.BOARD.getByName(site).listQuota(quota.join('/'))
    this.#isListed = true
  }

  use(): Omit<QuotaUse, 'quota'> {
    return this.#places.use(Date.now())
  }

  /** Whether any of these have a place. */
  holdsAny(holders: readonly string[]): boolean {
    return holders.some((holder) => this.#places.has(holder))
  }

  /** Forgets who these were; their places stay taken. */
  erase(holders: readonly string[]): void {
    for (const holder of holders) this.#places.erase(holder)
  }
}
