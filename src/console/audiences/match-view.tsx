import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Condition } from '../../model/audience.ts'
import { useAnswer } from '../asking.ts'
import { type Explanation, explainAudience } from './api.ts'
import { SAMPLES, type Sample } from './sample.ts'
import { SampleFields } from './sample-fields.tsx'

interface Props {
  readonly site: string
  readonly condition: Condition
}

/** Whether a visitor matches, test by test. */
export function MatchView({ site, condition }: Props): JSX.Element {
  const [sample, setSample] = useState<Sample>(SAMPLES.new?.sample ?? {})
  const question = JSON.stringify([condition, sample])
  const { value, refusal, pending } = useAnswer(question, () =>
    explainAudience(site, condition, sample),
  )
  return (
    <section class="card form" aria-labelledby="match-title">
      <h2 id="match-title">Does this visitor match?</h2>
      <SampleFields sample={sample} onChange={setSample} />
      <div role="status" aria-busy={pending}>
        {refusal && <p class="hint">{refusal.detail}</p>}
        {value && <Why explanation={value} />}
      </div>
    </section>
  )
}

function Why({ explanation }: { readonly explanation: Explanation }): JSX.Element {
  const { matches, clauses } = explanation
  return (
    <>
      <p>
        <span class={matches ? 'badge badge-on' : 'badge badge-off'}>
          {matches ? 'Matches' : 'Does not match'}
        </span>
      </p>
      <ul class="clauses">
        {clauses.map(({ sentence, matches: holds, actual }) => (
          <li key={sentence} class={holds ? 'clause-holds' : 'clause-fails'}>
            <span aria-hidden="true">{holds ? '✓' : '✗'}</span>
            <span>
              <span class="unseen">{holds ? 'Yes: ' : 'No: '}</span>
              {sentence}
              <span class="hint"> – here: {toActual(actual)}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function toActual(actual: unknown): string {
  if (actual === undefined || actual === null || actual === '') return 'not known'
  return typeof actual === 'string' ? actual : JSON.stringify(actual)
}
