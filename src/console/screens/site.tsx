import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Overview } from '../../model/overview.ts'
import { figuresCsv, type Role, readOverview, type SiteSummary } from '../api.ts'
import { EventTable } from '../events/event-table.tsx'
import { InsightList } from '../figures/insight-list.tsx'
import { toNews } from '../figures/news.ts'
import { Standings } from '../figures/standings.tsx'
import { announce } from '../frame/announcer.tsx'
import { Heading } from '../frame/heading.tsx'
import { Notice } from '../frame/notice.tsx'
import { createPoll } from '../poll.ts'
import { format } from '../reader.ts'
import { toHash } from '../route.ts'
import { maySwitch } from '../session.ts'
import { findSite, isSwitchable } from '../sites.ts'
import { SlotTable } from '../slots/slot-table.tsx'
import { OffSwitch } from './off-switch.tsx'
import { PollToolbar } from './poll-toolbar.tsx'
import { SiteFacts, SiteState } from './site-state.tsx'
import { Staleness } from './staleness.tsx'

interface Props {
  readonly site: string
  readonly role: Role
}

/** What needs somebody and what a site's experiences do, kept current while one looks. */
export function Site({ site: id, role }: Props): JSX.Element {
  const overview = useMemo(() => createPoll(() => readOverview(id)), [id])
  useEffect(() => overview.start(), [overview])
  const polled = overview.state.value
  const site = findSite(id)
  useNews(polled.value)
  return (
    <>
      <div class="screen-head">
        <Heading>{site?.name ?? id}</Heading>
        {site && <SiteState site={site} />}
        {site && maySwitch(role) && isSwitchable(site) && <OffSwitch site={site} />}
      </div>
      {site && <SiteFacts site={site} />}
      {site?.off && <OffNotice site={site} />}
      <Staleness polled={polled} what="figures" retry={overview.refresh} />
      {polled.value && <OverviewOf site={id} overview={polled.value} at={polled.at} />}
      <SlotTable site={id} />
      <EventTable site={id} />
    </>
  )
}

interface OverviewProps {
  readonly site: string
  readonly overview: Overview
  readonly at: number
}

function OverviewOf({ site, overview, at }: OverviewProps): JSX.Element {
  if (overview.experiences.length === 0) return <NoExperiences site={site} />
  return (
    <>
      <InsightList site={site} overview={overview} />
      <Standings site={site} overview={overview} />
      <PollToolbar at={at}>
        <a class="button" href={figuresCsv(site)} download>
          All figures as CSV
        </a>
      </PollToolbar>
    </>
  )
}

function OffNotice({ site }: { readonly site: SiteSummary }): JSX.Element {
  return (
    <Notice tone="warning">
      <p>
        {site.name} is switched off: visitors get the site’s own pages, and the figures below stand
        still.
      </p>
    </Notice>
  )
}

function NoExperiences({ site }: { readonly site: string }): JSX.Element {
  return (
    <div class="empty">
      <p>No experiences yet.</p>
      <p>
        <a href={toHash({ screen: 'tool', site, tool: 'gallery' })}>Start from the gallery</a>, or
        bring a file with <code>npm run config -- apply</code>. Figures appear with the first
        visitors.
      </p>
    </div>
  )
}

/** Announces what turned between two answers; the first one is read, not announced. */
function useNews(overview: Overview | null): void {
  const before = useRef<Overview | null>(null)
  useEffect(() => {
    if (before.current && overview) {
      const news = toNews(before.current, overview, format)
      if (news.length > 0) announce(news.join(' '))
    }
    before.current = overview
  }, [overview])
}
