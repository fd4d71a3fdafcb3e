import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import type { Allocation, Rung } from '../../model/experience.ts'
import type { ExperienceFigures } from '../../model/figures.ts'
import { figuresCsv } from '../api.ts'
import { format } from '../reader.ts'
import { ArmTable } from './arm-table.tsx'
import { toExperienceName, toShown } from './arms.ts'
import { LadderTable } from './ladder-table.tsx'
import { RatePlot } from './rate-plot.tsx'
import { toReading, toWords } from './reading.ts'
import { SharePlot, whyNoSharePlot } from './share-plot.tsx'

interface Props {
  readonly site: string
  readonly experience: ExperienceFigures
  /** Epoch ms. */
  readonly generatedAt: number
}

/** One experience: a sentence, its variants, their rates, their traffic, their exposures. */
export function ExperienceCard({ site, experience, generatedAt }: Props): JSX.Element {
  const shown = toShown(experience)
  const fixed = whyNoSharePlot(experience)
  const title = useId()
  return (
    <article class="card experience" id={toElementId(experience.id)} aria-labelledby={title}>
      <div class="card-head">
        <h2 id={title} tabIndex={-1}>
          {toExperienceName(experience)}
        </h2>
      </div>
      <p class="lede">{toWords(toReading(experience), format)}</p>
      <Facts experience={experience} />
      {isDelivered(experience) && (
      <div class={fixed === null ? 'panels' : 'panels panels-three'}>
        <ArmTable experience={experience} shown={shown} note={fixed} />
        {fixed === null && (
          <SharePlot
            experience={shown}
            hidden={hiddenArms(experience, shown)}
            until={generatedAt}
          />
        )}
        <RatePlot experience={shown} />
        <LadderTable experience={shown} />
      </div>
      )}
      {isDelivered(experience) && <p class="card-foot">
        <a href={figuresCsv(site)} download>
          Download all figures as CSV
        </a>
      </p>}
    </article>
  )
}

/** Brings an experience into view and moves the focus to its heading. */
export function revealExperience(experience: string): void {
  const card = document.getElementById(toElementId(experience))
  card?.scrollIntoView({ block: 'start' })
  card?.querySelector('h2')?.focus({ preventScroll: true })
}

function toElementId(experience: string): string {
  return `experience-${experience}`
}

/** Before the first exposure there is nothing to draw or to tabulate. */
function isDelivered(experience: ExperienceFigures): boolean {
  return experience.arms.some((arm) => arm.counts.delivered > 0)
}

function hiddenArms(experience: ExperienceFigures, shown: ExperienceFigures): number {
  return experience.arms.length - shown.arms.length
}

function Facts({ experience }: { readonly experience: ExperienceFigures }): JSX.Element {
  const { slot, allocation, goal, rung, version } = experience
  return (
    <dl class="facts">
      <Fact term="Slot" meaning={slot} />
      <Fact term="Allocation" meaning={ALLOCATIONS[allocation]} />
      <Fact term="Goal" meaning={goal ?? 'none'} />
      <Fact term="Trial" meaning={TRIALS[rung]} />
      {allocation !== 'split' && (
        <Fact term="Weights" meaning={version === 0 ? 'not learned yet' : `version ${version}`} />
      )}
    </dl>
  )
}

function Fact({ term, meaning }: { readonly term: string; readonly meaning: string }): JSX.Element {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{meaning}</dd>
    </div>
  )
}

const ALLOCATIONS: Readonly<Record<Allocation['kind'], string>> = {
  split: 'fixed shares',
  bandit: 'bandit',
  ranked: 'ranked list',
}

const TRIALS: Readonly<Record<Rung, string>> = {
  delivered: 'each one delivered',
  survived: 'each one that survived',
  seen: 'each one seen',
}
