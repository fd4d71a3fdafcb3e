import { Hono } from 'hono'
import { listSites } from '../db/figures.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { configuration } from './configuration.ts'
import { events } from './events.ts'
import { imports } from './import/routes.ts'
import { learning } from './learning.ts'
import { people } from './people.ts'
import { publishing } from './publishing.ts'
import { reports } from './reports.ts'
import { session } from './session.ts'
import { traces } from './traces.ts'

/** Editors' and marketers' API; every route names the least role it takes. */
export const api = new Hono<StaffEnv>()
  .route('/session', session)
  .get('/sites', requireRole('marketer'), async (c) => c.json({ sites: await listSites(c.env) }))
  .route('/sites/:site', configuration)
  .route('/sites/:site', publishing)
  .route('/sites/:site', reports)
  .route('/sites/:site', events)
  .route('/sites/:site', people)
  .route('/sites/:site', traces)
  .route('/sites/:site', imports)
  .route('/sites/:site/experiences/:experience', learning)
  .all('*', (c) => problem(c, 'not_found'))
