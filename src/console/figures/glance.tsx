import type { JSX } from 'preact'
import type { ExperienceFigures } from '../../model/figures.ts'
import { format } from '../reader.ts'
import { toHash } from '../route.ts'
import { toExperienceName } from './arms.ts'
import { revealExperience } from './experience-card.tsx'
import { toReading, toWords } from './reading.ts'

interface Props {
  readonly site: string
  readonly experiences: readonly ExperienceFigures[]
}

/** One line on each experience, leading to its figures. */
export function Glance({ site, experiences }: Props): JSX.Element {
  return (
    <section class="glance" aria-labelledby="glance">
      <h2 id="glance">At a glance</h2>
      <ul>
        {experiences.map((experience) => (
          <li key={experience.id}>
            <a
              class="glance-link"
              href={toHash({ screen: 'site', site, experience: experience.id })}
              onClick={() => revealExperience(experience.id)}
            >
              {toExperienceName(experience)}
            </a>
            <span>{toWords(toReading(experience), format)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
