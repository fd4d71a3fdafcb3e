import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Figures } from '../../model/figures.ts'
import { figuresCsv, type Role, readFigures, type SiteSummary } from '../api.ts'
import { EventTable } from '../events/event-table.tsx'
import { toNews } from '../figures/changes.ts'
import { ExperienceCard, revealExperience } from '../figures/experience-card.tsx'
import { Glance } from '../figures/glance.tsx'
import { Legend } from '../figures/legend.tsx'
import { announce } from '../frame/announcer.tsx'
import { Heading } from '../frame/heading.tsx'
import { Notice } from '../frame/notice.tsx'
import { createPoll, paused } from '../poll.ts'
import { format } from '../reader.ts'
import { maySwitch } from '../session.ts'
import { findSite, isSwitchable } from '../sites.ts'
import { SlotTable } from '../slots/slot-table.tsx'
import { OffSwitch } from './off-switch.tsx'
import { SiteFacts, SiteState } from './site-state.tsx'
import { Staleness } from './staleness.tsx'

interface Props {
  readonly site: string
  /** The experience to go to, once its figures are here. */
  readonly experience: string | null
  readonly role: Role
}

/** What a site's experiences do, kept current while one looks. */
export function Site({ site: id, experience, role }: Props): JSX.Element {
  const figures = useMemo(() => createPoll(() => readFigures(id)), [id])
  useEffect(() => figures.start(), [figures])
  const polled = figures.state.value
  const site = findSite(id)
  useNews(polled.value)
  useReveal(experience, polled.value !== null)
  return (
    <>
      <div class="screen-head">
        <Heading>{site?.name ?? id}</Heading>
        {site && <SiteState site={site} />}
        {site && maySwitch(role) && isSwitchable(site) && <OffSwitch site={site} />}
      </div>
      {site && <SiteFacts site={site} />}
      {site?.off && <OffNotice site={site} />}
      <Staleness polled={polled} what="figures" retry={figures.refresh} />
      {polled.value && <FiguresOf site={id} figures={polled.value} at={polled.at} />}
      <SlotTable site={id} />
      <EventTable site={id} />
    </>
  )
}

interface FiguresProps {
  readonly site: string
  readonly figures: Figures
  readonly at: number
}

function FiguresOf({ site, figures, at }: FiguresProps): JSX.Element {
  const { experiences, generatedAt } = figures
  if (experiences.length === 0) return <NoExperiences />
  return (
    <>
      <Toolbar site={site} at={at} />
      {experiences.length > 1 && <Glance site={site} experiences={experiences} />}
      {experiences.map((experience) => (
        <ExperienceCard
          key={experience.id}
          site={site}
          experience={experience}
          generatedAt={generatedAt}
        />
      ))}
      <Legend />
    </>
  )
}

function Toolbar({ site, at }: { readonly site: string; readonly at: number }): JSX.Element {
  return (
    <div class="toolbar">
      <span class="hint">
        {paused.value ? 'Paused at' : 'Updated'} {format.time(at)}
      </span>
      <button
        type="button"
        aria-pressed={paused.value}
        onClick={() => {
          paused.value = !paused.value
        }}
      >
        Pause updates
      </button>
      <a class="button" href={figuresCsv(site)} download>
        Download CSV
      </a>
    </div>
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

function NoExperiences(): JSX.Element {
  return (
    <div class="empty">
      <p>No experiences yet.</p>
      <p>
        Add one to the site’s configuration and publish it with{' '}
        <code>npm run config -- publish</code>. Its figures appear with the first visitors.
      </p>
    </div>
  )
}

/** Announces what turned between two answers; the first one is read, not announced. */
function useNews(figures: Figures | null): void {
  const before = useRef<Figures | null>(null)
  useEffect(() => {
    if (before.current && figures) {
      const news = toNews(before.current, figures, format)
      if (news.length > 0) announce(news.join(' '))
    }
    before.current = figures
  }, [figures])
}

function useReveal(experience: string | null, loaded: boolean): void {
  useEffect(() => {
    if (experience !== null && loaded) revealExperience(experience)
  }, [experience, loaded])
}
