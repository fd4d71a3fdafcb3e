import type { JSX } from 'preact'
import type { SiteSummary } from '../api.ts'
import { format } from '../reader.ts'

/** Whether a site is personalised right now, as a badge. */
export function SiteState({ site }: { readonly site: SiteSummary }): JSX.Element {
  if (site.off) return <span class="badge badge-off">Off</span>
  if (site.bundle === null) return <span class="badge">Nothing published</span>
  return <span class="badge badge-on">On</span>
}

/** Hosts and publication of a site in a line or two. */
export function SiteFacts({ site }: { readonly site: SiteSummary }): JSX.Element {
  return (
    <dl class="facts">
      <div>
        <dt>{site.hosts.length === 1 ? 'Host' : 'Hosts'}</dt>
        <dd>{site.hosts.join(', ')}</dd>
      </div>
      {site.publishedAt !== null && (
        <div>
          <dt>Published</dt>
          <dd>
            <time dateTime={new Date(site.publishedAt).toISOString()}>
              {format.moment(site.publishedAt)}
            </time>
          </dd>
        </div>
      )}
      {site.bundle !== null && (
        <div>
          <dt>Bundle</dt>
          <dd>
            <code title={site.bundle}>{site.bundle.slice(0, 12)}</code>
          </dd>
        </div>
      )}
    </dl>
  )
}
