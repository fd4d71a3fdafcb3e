import { globSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Lets go of whatever a lever holds. */
export type Undo = () => void | Promise<void>

/** How long to wait for the runtime's own writes. */
const BUSY_MS = 5_000

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`)
  return database
}

function databaseFiles(state: string, folder: string): string[] {
  return globSync(join(state, folder, '*.sqlite')).filter(
    (file) => !file.endsWith('metadata.sqlite'),
  )
}

/** Every database in a folder below a runtime's state, such as `do/selvedge-Learner`. */
export function openDatabases(state: string, folder: string): DatabaseSync[] {
  return databaseFiles(state, folder).map(open)
}

/** File of the D1 database below a runtime's state. */
function databaseFile(state: string): string {
  const [file] = databaseFiles(state, 'd1/miniflare-D1DatabaseObject')
  if (!file) throw new Error('The runtime has no database.')
  return file
}

/** Holds the write lock of database files: whoever else writes gets SQLITE_BUSY. */
function lock(files: readonly string[]): Undo {
  const held = files.map((file) => {
    const database = open(file)
    database.exec('BEGIN IMMEDIATE')
    return database
  })
  return () => {
    for (const database of held) {
      database.exec('ROLLBACK')
      database.close()
    }
  }
}

export function lockDatabase(state: string): Undo {
  return lock([databaseFile(state)])
}

/** `Board`, `VisitorShard` or `Learner`: the storage of every object there is of that class. */
export function lockObjects(state: string, className: string): Undo {
  return lock(databaseFiles(state, `do/selvedge-${className}`))
}

/** Runs statements on the database from outside. */
export function change(state: string, ...statements: readonly string[]): void {
  const database = open(databaseFile(state))
  for (const statement of statements) database.exec(statement)
  database.close()
}

/** Takes tables away, as a failed migration or a wrong binding would. */
export function hideTables(state: string, ...tables: readonly string[]): Undo {
  change(state, ...tables.map((table) => `ALTER TABLE ${table} RENAME TO ${table}_away`))
  return () =>
    change(state, ...tables.map((table) => `ALTER TABLE ${table}_away RENAME TO ${table}`))
}

const NEWEST = (site: string) =>
  `(SELECT hash FROM publication WHERE site = '${site}' ORDER BY seq DESC LIMIT 1)`

/** Changes one byte of a site's published bundle. */
export function corruptBundle(state: string, site: string): Undo {
  const where = `WHERE hash = ${NEWEST(site)} AND part = 0`
  change(
    state,
    'CREATE TABLE bundle_kept AS SELECT * FROM bundle',
    `UPDATE bundle SET body = substr(body, 1, length(body) - 1) || ' ' ${where}`,
  )
  return () => restoreBundles(state)
}

export function removeBundle(state: string, site: string): Undo {
  change(
    state,
    'CREATE TABLE bundle_kept AS SELECT * FROM bundle',
    `DELETE FROM bundle WHERE hash = ${NEWEST(site)}`,
  )
  return () => restoreBundles(state)
}

function restoreBundles(state: string): void {
  change(state, 'INSERT OR REPLACE INTO bundle SELECT * FROM bundle_kept', 'DROP TABLE bundle_kept')
}

/** Empties what the location has cached; only while no runtime is there. */
export function emptyCache(state: string): void {
  const folder = join(state, 'cache')
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
}
