import type { ComponentChildren, JSX } from 'preact'
import type { Route } from '../route.ts'
import { findSite } from '../sites.ts'
import { SiteNav } from './site-nav.tsx'

interface Props {
  readonly site: string
  readonly current: Route
  readonly children: ComponentChildren
}

/** What stays while one goes about a site. */
export function SiteFrame({ site, current, children }: Props): JSX.Element {
  return (
    <div class="site-frame">
      <div class="site-side">
        <p class="crumbs">
          <a href="#/">Sites</a>
          {findSite(site)?.name ?? site}
        </p>
        <SiteNav site={site} current={current} />
      </div>
      <div class="site-screen">{children}</div>
    </div>
  )
}
