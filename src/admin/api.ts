import { Hono } from 'hono'
import { problem } from '../problem.ts'
import type { StaffEnv } from '../staff/guard.ts'
import { audiences } from './audiences.ts'
import { audit } from './audit.ts'
import { configuration } from './configuration.ts'
import { events } from './events.ts'
import { gallery, recipes } from './gallery.ts'
import { history } from './history.ts'
import { idempotent } from './idempotency.ts'
import { imports } from './import/routes.ts'
import { learning } from './learning.ts'
import { notifications } from './notifications.ts'
import { openapi } from './openapi/routes.ts'
import { people } from './people.ts'
import { picks } from './picks.ts'
import { presence } from './presence.ts'
import { previews } from './previews.ts'
import { publishing } from './publishing.ts'
import { reportRoutes } from './report-routes.ts'
import { reports } from './reports.ts'
import { reviews } from './reviews.ts'
import { session } from './session.ts'
import { sites } from './site-routes.ts'
import { things } from './thing-routes.ts'
import { traces } from './traces.ts'

/** Editors' and marketers' API; every route names the least role it takes. */
export const api = new Hono<StaffEnv>()
  .use('*', idempotent)
  .route('/session', session)
  .route('/sites', sites)
  .route('/sites/:site', configuration)
  .route('/sites/:site', publishing)
  .route('/sites/:site', history)
  .route('/sites/:site', reviews)
  .route('/sites/:site', reports)
  .route('/sites/:site', notifications)
  .route('/sites/:site', presence)
  .route('/sites/:site', events)
  .route('/sites/:site', people)
  .route('/sites/:site', traces)
  .route('/sites/:site', previews)
  .route('/sites/:site', picks)
  .route('/sites/:site', imports)
  .route('/sites/:site/recipes', recipes)
  .route('/sites/:site/audiences', audiences)
  .route('/sites/:site', things)
  .route('/sites/:site/experiences/:experience', learning)
  .route('/sites/:site/experiences/:experience', reportRoutes)
  .route('/gallery', gallery)
  .route('/audit', audit)
  .route('/', openapi)
  .all('*', (c) => problem(c, 'not_found'))
