import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A new key as `SELVEDGE_KEYS` wants it: `<id>:<32 bytes, base64url>`. */
export function newKey(id: string): string {
  return `${id}:${randomBytes(32).toString('base64url')}`
}

/** The secret of local runs, made at the first one and kept in `folder`, readable by its owner alone. */
export function localKeys(folder: string): string {
  const file = join(folder, 'keys')
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, `${newKey('local')}\n`, { mode: 0o600 })
  }
  return readFileSync(file, 'utf8').trim()
}

/** Where local runs keep what must survive them, in the project's folder and out of git. */
export const STATE_FOLDER = '.selvedge'
