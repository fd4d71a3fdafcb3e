import { drizzle } from 'drizzle-orm/d1'
import { hosts } from '../db/schema.ts'

/** Whose pages a host serves and where they come from. */
export interface Home {
  readonly site: string
  readonly origin: string
}

/** Hosts of published sites. */
export type Directory = ReadonlyMap<string, Home>

/** `example.com:8080` is looked for whole first, then without its port. */
export function findHome(directory: Directory, url: URL): Home | undefined {
  return directory.get(url.host) ?? directory.get(url.hostname)
}

export async function readDirectory(db: D1Database): Promise<Directory> {
  const rows = await drizzle(db).select().from(hosts)
  return new Map(rows.map(({ host, site, origin }) => [host, { site, origin }]))
}
