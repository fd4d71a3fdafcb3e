import type { JSX } from 'preact'
import type { Role, SiteSummary } from '../api.ts'
import { Heading } from '../frame/heading.tsx'
import { toHash } from '../route.ts'
import { maySwitch } from '../session.ts'
import { isSwitchable, sites } from '../sites.ts'
import { OffSwitch } from './off-switch.tsx'
import { SiteFacts, SiteState } from './site-state.tsx'
import { Staleness } from './staleness.tsx'

/** The sites, what is on, and the switch to stop it. */
export function Overview({ role }: { readonly role: Role }): JSX.Element {
  const polled = sites.state.value
  return (
    <>
      <Heading>Sites</Heading>
      <Staleness polled={polled} what="sites" retry={sites.refresh} />
      {polled.value?.length === 0 && <NoSites />}
      {polled.value !== null && polled.value.length > 0 && (
        <ul class="sites">
          {polled.value.map((site) => (
            <li key={site.id} class="card site">
              <SiteCard site={site} role={role} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function SiteCard({
  site,
  role,
}: {
  readonly site: SiteSummary
  readonly role: Role
}): JSX.Element {
  const href = toHash({ screen: 'site', site: site.id })
  return (
    <>
      <div>
        <div class="card-head">
          <h2>
            <a href={href}>{site.name}</a>
          </h2>
          <SiteState site={site} />
        </div>
        <SiteFacts site={site} />
        {site.off && <p class="hint">Visitors get the site’s own pages until it is switched on.</p>}
        {!site.off && site.bundle === null && (
          <p class="hint">
            Publish its configuration with <code>npm run config -- publish</code>.
          </p>
        )}
      </div>
      <div class="actions">
        <a class="button" href={href}>
          Figures<span class="unseen"> of {site.name}</span>
        </a>
        {maySwitch(role) && isSwitchable(site) && <OffSwitch site={site} />}
      </div>
    </>
  )
}

function NoSites(): JSX.Element {
  return (
    <div class="empty">
      <p>No sites yet.</p>
      <p>
        Describe one in a configuration file and bring it here with{' '}
        <code>npm run config -- apply</code>.
      </p>
    </div>
  )
}
