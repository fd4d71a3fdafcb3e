import type { JSX } from 'preact'
import type { Allocation, Rung } from '../../model/experience.ts'
import type { Report } from '../../model/report.ts'

/** How an experience is set up, as far as its figures depend on that. */
export function Facts({ report }: { readonly report: Report }): JSX.Element {
  const { slot, allocation, goal, rung, version } = report
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
