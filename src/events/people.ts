import type { Profile } from '../model/profile.ts'
import type { Item } from './attribution.ts'

/** One of a person's browsers. */
export interface PersonsVisitor {
  readonly visitor: string
  /** The hash under which the visitor's own side knows the link: a former id after an `alias`. */
  readonly via: string
}

/** What a visitor's side says of a link: all of it, so that saying it again changes nothing. */
export interface VisitorLink extends PersonsVisitor {
  /** A sign-in or a server says so; otherwise a page did. */
  readonly proven: boolean
  /** Grows with whatever changed. */
  readonly at: number
  /** All that the visitor adds to the person's profile; nothing where that is not allowed, or not proven. */
  readonly profile?: Profile
}

/** An event of a person that waits to be passed on to one of their visitors. */
export interface Waiting {
  readonly person: string
  readonly item: Item
  /** The visitor it was promised to; once chosen it stays, so that a repetition counts once. */
  readonly visitor: PersonsVisitor | undefined
}

/** What became of a delivery of a person's events. */
export interface Reception {
  readonly accepted: number
  readonly duplicates: number
  /** Refused: nobody is known by that id, and as many wait for them already as may. */
  readonly unknown: number
}

/** All that is kept of one person under one of their ids. */
export interface PersonRecord {
  readonly person: string
  readonly visitors: readonly VisitorLink[]
  /** Other ids of theirs. */
  readonly aliases: readonly string[]
  /** Ids of events that servers sent. */
  readonly received: readonly string[]
  readonly waiting: readonly Item[]
}

/** Objects that a site's people share. With another number everybody would be looked for elsewhere. */
const SHARDS = 16

/** Events that wait for somebody who was not seen yet, and how long. */
const MOST_WAITING = 100
const PATIENCE_MS = 7 * 86_400_000
/** Senders' ids are remembered a day longer than events are taken. */
const REMEMBER_MS = 8 * 86_400_000
/** Browsers of one person that an event is offered to. */
const MOST_VISITORS = 8
/** Browsers of one person whose profiles are added up: the newest. */
const MOST_CONTRIBUTIONS = 50
/** Links that were not seen for longer than a visitor's cookie lives. */
const FORGET_MS = 181 * 86_400_000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS person (
    person TEXT NOT NULL, visitor TEXT NOT NULL, via TEXT NOT NULL, at INTEGER NOT NULL,
    proven INTEGER NOT NULL, PRIMARY KEY (person, visitor)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS contribution (
    person TEXT NOT NULL, visitor TEXT NOT NULL, at INTEGER NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY (person, visitor)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS alias (
    person TEXT NOT NULL, goes_by TEXT NOT NULL, PRIMARY KEY (person, goes_by)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS former (
    person TEXT NOT NULL, was TEXT NOT NULL, PRIMARY KEY (person, was)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS received (
    person TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (person, id)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS received_at ON received (at);
  CREATE TABLE IF NOT EXISTS waiting (
    person TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, doc TEXT NOT NULL, ready INTEGER NOT NULL,
    visitor TEXT, via TEXT, PRIMARY KEY (person, id)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS waiting_ready ON waiting (ready, at);
`

/** Name of the object that knows a site's person, whose hash is base64url. */
export function peopleShard(site: string, person: string): string {
  const first = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(
    person.charAt(0),
  )
  return `${site}:${Math.max(0, first) % SHARDS}`
}

/**
 * Which visitors a person is, and the events that other systems report of them: each is kept until
 * one of the visitors has it, and its sender's id is remembered, so that it counts once.
 */
export class People {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(SCHEMA)
  }

  /** False when that was known: who goes by each other's ids must not tell each other for ever. */
  link(person: string, link: VisitorLink): boolean {
    const { visitor, via, proven, at, profile } = link
    const { rowsWritten } = this.#sql.exec(
      `INSERT INTO person VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
       SET at = MAX(at, excluded.at), proven = MAX(proven, excluded.proven), via = excluded.via
       WHERE at < excluded.at OR proven < excluded.proven`,
      ...[person, visitor, via, at, proven ? 1 : 0],
    )
    if (rowsWritten === 0) return false
    this.#sql.exec('UPDATE waiting SET ready = 1 WHERE person = ? AND ready = 0', person)
    this.#contribute(person, visitor, at, profile)
    return true
  }

  /** What a visitor adds now, in place of what it added before. */
  #contribute(person: string, visitor: string, at: number, profile: Profile | undefined): void {
    const whose = 'person = ? AND visitor = ?'
    if (!profile) {
      this.#sql.exec(`DELETE FROM contribution WHERE ${whose}`, person, visitor)
      return
    }
    this.#sql.exec(
      'INSERT OR REPLACE INTO contribution VALUES (?, ?, ?, ?)',
      ...[person, visitor, at, JSON.stringify(profile)],
    )
    this.#sql.exec(
      `DELETE FROM contribution WHERE person = ?1 AND visitor NOT IN
       (SELECT visitor FROM contribution WHERE person = ?1 ORDER BY at DESC LIMIT ${MOST_CONTRIBUTIONS})`,
      person,
    )
  }

  /** What a person's browsers add to their profile, but for one of them. */
  contributions(person: string, but: string): Profile[] {
    const query = 'SELECT doc FROM contribution WHERE person = ? AND visitor <> ? ORDER BY visitor'
    return this.#sql
      .exec(query, person, but)
      .toArray()
      .map(({ doc }) => JSON.parse(String(doc)))
  }

  /** All links of a person, as their visitors' sides told them. */
  linksOf(person: string): VisitorLink[] {
    return this.#sql
      .exec(
        'SELECT * FROM person LEFT JOIN contribution USING (person, visitor) WHERE person = ?',
        person,
      )
      .toArray()
      .map((row) => ({
        visitor: String(row.visitor),
        via: String(row.via),
        at: Number(row.at),
        proven: row.proven === 1,
        ...(row.doc !== null && { profile: JSON.parse(String(row.doc)) }),
      }))
  }

  /** What was promised to that visitor is for another one, or for nobody. False when there was no such link. */
  unlink(person: string, visitor: string): boolean {
    const whose = 'WHERE person = ? AND visitor = ?'
    const { rowsWritten } = this.#sql.exec(`DELETE FROM person ${whose}`, person, visitor)
    this.#sql.exec(`DELETE FROM contribution ${whose}`, person, visitor)
    const promised = `UPDATE waiting SET visitor = NULL, via = NULL ${whose}`
    this.#sql.exec(promised, person, visitor)
    if (this.visitorsOf(person).length === 0) {
      this.#sql.exec('UPDATE waiting SET ready = 0 WHERE person = ?', person)
    }
    return rowsWritten > 0
  }

  /** Whether events wait here for somebody who may never come. */
  holdsAny(): boolean {
    return this.#sql.exec('SELECT 1 FROM waiting LIMIT 1').toArray().length > 0
  }

  /** Proven links before claimed ones, newest first: a page can say anything of who is there. */
  visitorsOf(
    person: string,
  ): (PersonsVisitor & { readonly at: number; readonly proven: boolean })[] {
    return this.#sql
      .exec(
        `SELECT * FROM person WHERE person = ? ORDER BY proven DESC, at DESC LIMIT ${MOST_VISITORS}`,
        person,
      )
      .toArray()
      .map(toVisitor)
  }

  /** From now on, `person` goes by another id too. */
  alias(person: string, goesBy: string): void {
    this.#sql.exec('INSERT INTO alias VALUES (?, ?) ON CONFLICT DO NOTHING', person, goesBy)
  }

  aliasesOf(person: string): string[] {
    return this.#sql
      .exec(`SELECT goes_by FROM alias WHERE person = ? LIMIT ${MOST_VISITORS}`, person)
      .toArray()
      .map((row) => String(row.goes_by))
  }

  /** The other side of an alias, so that whoever is asked by one id can be found by all of them. */
  noteFormer(person: string, was: string): void {
    this.#sql.exec('INSERT INTO former VALUES (?, ?) ON CONFLICT DO NOTHING', person, was)
  }

  /** All that is kept of a person under this id. */
  of(person: string): PersonRecord {
    const all = (query: string) => this.#sql.exec(query, person).toArray()
    const aliases = all(
      'SELECT goes_by AS id FROM alias WHERE person = ?1 UNION SELECT was FROM former WHERE person = ?1',
    )
    return {
      person,
      visitors: this.linksOf(person),
      aliases: aliases.map(({ id }) => String(id)),
      received: all('SELECT id FROM received WHERE person = ?').map(({ id }) => String(id)),
      waiting: all('SELECT doc FROM waiting WHERE person = ?').map(({ doc }) =>
        JSON.parse(String(doc)),
      ),
    }
  }

  erase(person: string): void {
    for (const table of ['person', 'contribution', 'alias', 'former', 'received', 'waiting']) {
      this.#sql.exec(`DELETE FROM ${table} WHERE person = ?`, person)
    }
  }

  /** Keeps a person's events, each messageId once. */
  receive(person: string, items: readonly Item[], now: number): Reception {
    const ready = this.visitorsOf(person).length > 0
    let room = ready ? items.length : MOST_WAITING - this.#waitFor(person)
    let accepted = 0
    let unknown = 0
    for (const item of items) {
      const { messageId } = item.event
      if (this.#came(person, messageId)) continue
      if (room <= 0) {
        unknown++
        continue
      }
      room--
      accepted++
      this.#sql.exec('INSERT INTO received VALUES (?, ?, ?)', person, messageId, now)
      this.#sql.exec(
        'INSERT INTO waiting VALUES (?, ?, ?, ?, ?, NULL, NULL)',
        ...[person, messageId, now, JSON.stringify(item), ready ? 1 : 0],
      )
    }
    return { accepted, unknown, duplicates: items.length - accepted - unknown }
  }

  #came(person: string, id: string): boolean {
    const query = 'SELECT 1 FROM received WHERE person = ? AND id = ?'
    return this.#sql.exec(query, person, id).toArray().length > 0
  }

  #waitFor(person: string): number {
    const query = 'SELECT COUNT(*) AS count FROM waiting WHERE person = ?'
    return Number(this.#sql.exec(query, person).one().count)
  }

  /** Events that can be passed on, as their person has a visitor; the oldest first. */
  waiting(limit: number): Waiting[] {
    return this.#sql
      .exec('SELECT * FROM waiting WHERE ready = 1 ORDER BY at LIMIT ?', limit)
      .toArray()
      .map(({ person, doc, visitor, via }) => ({
        person: String(person),
        item: JSON.parse(String(doc)),
        visitor: visitor === null ? undefined : { visitor: String(visitor), via: String(via) },
      }))
  }

  /** Promises an event to a visitor. */
  promise(person: string, messageId: string, { visitor, via }: PersonsVisitor): void {
    this.#sql.exec(
      'UPDATE waiting SET visitor = ?, via = ? WHERE person = ? AND id = ?',
      ...[visitor, via, person, messageId],
    )
  }

  /** The visitor has it: only its id is kept. */
  settle(person: string, messageId: string): void {
    this.#sql.exec('DELETE FROM waiting WHERE person = ? AND id = ?', person, messageId)
  }

  /** Forgets what is over; answers how many events found nobody. */
  prune(now: number): number {
    const over = 'DELETE FROM waiting WHERE ready = 0 AND at < ? RETURNING id'
    const lost = this.#sql.exec(over, now - PATIENCE_MS).toArray().length
    this.#sql.exec('DELETE FROM received WHERE at < ?', now - REMEMBER_MS)
    this.#sql.exec('DELETE FROM person WHERE at < ?', now - FORGET_MS)
    this.#sql.exec('DELETE FROM contribution WHERE at < ?', now - FORGET_MS)
    return lost
  }
}

function toVisitor(
  row: Readonly<Record<string, SqlStorageValue>>,
): PersonRecord['visitors'][number] {
  return {
    visitor: String(row.visitor),
    via: String(row.via),
    at: Number(row.at),
    proven: row.proven === 1,
  }
}
