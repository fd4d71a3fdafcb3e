import type { JSX } from 'preact'
import type { Overview, Standing } from '../../model/overview.ts'
import type { Lift } from '../../model/report.ts'
import { byInterest } from '../../reports/interest.ts'
import { standingWords } from '../../reports/words.ts'
import { format } from '../reader.ts'
import { toHash } from '../route.ts'

interface Props {
  readonly site: string
  readonly overview: Overview
}

/** One line on each experience, comparisons first, then by how often they were shown lately. */
export function Standings({ site, overview }: Props): JSX.Element {
  const order = overview.experiences.toSorted(byInterest)
  return (
    <section class="glance" aria-labelledby="glance">
      <h2 id="glance">Experiences</h2>
      <ul>
        {order.map((standing) => (
          <li key={standing.id}>
            <Line site={site} standing={standing} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Line({
  site,
  standing,
}: {
  readonly site: string
  readonly standing: Standing
}): JSX.Element {
  const { id, name, shown, lately, worth } = standing
  return (
    <>
      <a class="glance-link" href={toHash({ screen: 'report', site, experience: id, asked: '' })}>
        {name || id}
      </a>
      <span>{standingWords(standing, format)}</span>
      {shown > 0 && (
        <span class="glance-facts">
          <span>{lately === 0 ? 'nobody this week' : `${format.compact(lately)} this week`}</span>
          {worth && <span>{worthWords(worth)}</span>}
        </span>
      )}
    </>
  )
}

/** What it is worth beside leaving people alone; only what is clear is told as a figure. */
function worthWords({ clear, relative }: Lift): string {
  if (clear === null || !relative) return 'worth not clear yet'
  return `worth ${format.lift(relative.estimate)}`
}
