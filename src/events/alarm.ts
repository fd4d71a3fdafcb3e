/** Wait after something failed, doubling up to the longest. */
const RETRY_MS = 2_000
const LONGEST_RETRY_MS = 60_000

/** When an object's one alarm is due: as soon as anybody needs it, later after failures. */
export class Alarm {
  readonly #storage: DurableObjectStorage
  #failures = 0
  /** As far as this instance knows; a fresh one sets the alarm anew. */
  #dueAt = Number.POSITIVE_INFINITY

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  /** Called in the turn in which something was written, the alarm is part of that transaction. */
  async wakeIn(ms: number): Promise<void> {
    const at = Date.now() + (this.#failures > 0 ? retryIn(this.#failures) : ms)
    if (this.#dueAt <= at) return
    this.#dueAt = at
    await this.#storage.setAlarm(at)
  }

  /** An alarm that failed too often is dropped by the platform; this sets another one then. */
  async wakeUnlessDue(ms: number): Promise<void> {
    if ((await this.#storage.getAlarm()) === null) await this.wakeIn(ms)
  }

  /** The alarm is running: whoever needs another one from now on has to say so. */
  rings(): void {
    this.#dueAt = Number.POSITIVE_INFINITY
  }

  /** How it went. */
  ended(failed: boolean): void {
    this.#failures = failed ? this.#failures + 1 : 0
  }
}

function retryIn(failures: number): number {
  return Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** Math.min(failures - 1, 10))
}
