import type { JSX } from 'preact'
import type { Condition } from '../../model/audience.ts'
import { useAnswer } from '../asking.ts'
import { format } from '../reader.ts'
import { sizeAudience } from './api.ts'

interface Props {
  readonly site: string
  readonly condition: Condition
}

/** How many of the site's recent visitors a rule is true of. */
export function SizeView({ site, condition }: Props): JSX.Element {
  const question = JSON.stringify(condition)
  const { value, refusal, pending } = useAnswer(question, () => sizeAudience(site, condition))
  return (
    <section class="card" aria-labelledby="size-title">
      <h2 id="size-title">How many</h2>
      <div role="status" aria-busy={pending}>
        {refusal && <p class="hint">{refusal.detail}</p>}
        {!refusal && value === null && <p class="loading">Looking at recent visitors…</p>}
        {value && value.judged === 0 && (
          <p class="hint">No visitor was here lately of whom it can be said.</p>
        )}
        {value && value.judged > 0 && (
          <>
            <p class="figure">{format.part(value.matched / value.judged)}</p>
            <p class="hint">
              {format.count(value.matched)} of {format.count(value.judged)} recent visitors
              {value.looked > value.judged &&
                `; of ${format.count(value.looked - value.judged)} more it cannot be said`}
            </p>
          </>
        )}
      </div>
    </section>
  )
}
