import { listImports } from '../db/imports.ts'
import { listPublications } from '../db/publications.ts'
import { readSiteReport } from '../db/site-report.ts'
import type { Configuration } from '../model/configuration.ts'
import type { Overview } from '../model/overview.ts'
import { toOverview } from '../reports/overview.ts'
import { readCaps } from './caps.ts'

/** Asks everybody who knows something of a site; `now` in epoch ms. */
export async function readOverview(env: Env, draft: Configuration, now: number): Promise<Overview> {
  const { id } = draft.site
  const [rows, slots, caps, imports, [publication]] = await Promise.all([
    readSiteReport(env, id, now),
    env.BOARD.getByName(id).slotHealth(),
    readCaps(env, draft),
    listImports(env.DB, id),
    listPublications(env.DB, id, { limit: 1 }),
  ])
  const publishedAt = publication?.at ?? null
  return toOverview(draft, rows, { slots, caps, imports, publishedAt, now })
}
