import { DurableObject } from 'cloudflare:workers'
import type { Weights, WeightsByExperience } from '../model/learning.ts'

/** What is current of one site. */
export interface Current {
  /** Grows with every change; the key of a conditional read. */
  readonly revision: number
  /** Hash of the published bundle; nothing before the first publish. */
  readonly bundle: string | undefined
  /** The emergency switch: every page passes as the origin sent it. */
  readonly off: boolean
  readonly weights: WeightsByExperience
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS board (
    one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL, bundle TEXT, off INTEGER NOT NULL);
  INSERT INTO board VALUES (1, 0, NULL, 0) ON CONFLICT DO NOTHING;
  CREATE TABLE IF NOT EXISTS weights (
    experience TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
`

/** Says what is current of the site it is named after. Publish, learners and staff write; edges read. */
export class Board extends DurableObject<Env> {
  readonly #sql: SqlStorage

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#sql = ctx.storage.sql
    this.#sql.exec(SCHEMA)
  }

  /** What is current, or nothing when it is still what the caller has. */
  read(known: number | undefined): Current | undefined {
    const board = this.#sql.exec('SELECT * FROM board').one()
    const revision = Number(board.revision)
    if (revision === known) return undefined
    const rows = this.#sql.exec('SELECT experience, doc FROM weights').toArray()
    return {
      revision,
      bundle: board.bundle === null ? undefined : String(board.bundle),
      off: board.off === 1,
      weights: Object.fromEntries(
        rows.map((row): [string, Weights] => [String(row.experience), JSON.parse(String(row.doc))]),
      ),
    }
  }

  publish(bundle: string): void {
    this.#change('bundle = ?', bundle)
  }

  switchOff(off: boolean): void {
    this.#change('off = ?', off ? 1 : 0)
  }

  /** An older version than the one on the board changes nothing: learners may repeat themselves. */
  setWeights(experience: string, weights: Weights): void {
    const { rowsWritten } = this.#sql.exec(
      `INSERT INTO weights VALUES (?, ?, ?) ON CONFLICT DO UPDATE
       SET version = excluded.version, doc = excluded.doc WHERE excluded.version > version`,
      experience,
      weights.version,
      JSON.stringify(weights),
    )
    if (rowsWritten > 0) this.#change('off = off')
  }

  #change(assignment: string, ...values: (string | number)[]): void {
    this.#sql.exec(`UPDATE board SET revision = revision + 1, ${assignment}`, ...values)
  }
}
