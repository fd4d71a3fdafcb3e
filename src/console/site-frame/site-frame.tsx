import type { ComponentChildren, JSX } from 'preact'
import type { Role } from '../api.ts'
import type { Route } from '../route.ts'
import { findSite } from '../sites.ts'
import { SiteNav } from './site-nav.tsx'

interface Props {
  readonly site: string
  readonly current: Route
  readonly role: Role
  readonly children: ComponentChildren
}

/** What stays while one goes about a site. */
export function SiteFrame({ site, current, role, children }: Props): JSX.Element {
  return (
    <div class="site-frame">
      <div class="site-side">
        <p class="crumbs">
          <a href="#/">Sites</a>
          {findSite(site)?.name ?? site}
        </p>
        <SiteNav site={site} current={current} role={role} />
      </div>
      <div class="site-screen">{children}</div>
    </div>
  )
}
