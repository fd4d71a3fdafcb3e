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

/** One experience: a sentence, what it is, and once anybody was shown it, its figures. */
export function ExperienceCard(props: Props): JSX.Element {
  const { experience } = props
  const title = useId()
  return (
    <article class="card experience" id={toElementId(experience.id)} aria-labelledby={title}>
      <h2 id={title} tabIndex={-1}>
        {toExperienceName(experience)}
      </h2>
      <p class="lede">{toWords(toReading(experience), format)}</p>
      <Facts experience={experience} />
      {isDelivered(experience) && <Panels {...props} />}
    </article>
  )
}

/** Its variants, their traffic, their rates, their exposures. */
function Panels({ site, experience, generatedAt }: Props): JSX.Element {
  const shown = toShown(experience)
  const hidden = experience.arms.length - shown.arms.length
  const fixed = whyNoSharePlot(experience)
  return (
    <>
      <div class={fixed === null ? 'panels' : 'panels panels-three'}>
        <ArmTable experience={experience} shown={shown} note={fixed} />
        {fixed === null && <SharePlot experience={shown} hidden={hidden} until={generatedAt} />}
        <RatePlot experience={shown} />
        <LadderTable experience={shown} />
      </div>
      <p class="card-foot">
        <a href={figuresCsv(site)} download>
          Download all figures as CSV
        </a>
      </p>
    </>
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
