import type { JSX } from 'preact'
import type { Overview } from '../../model/overview.ts'
import { type Told, toTold } from '../../reports/words.ts'
import { format } from '../reader.ts'
import { toHash } from '../route.ts'

interface Props {
  readonly site: string
  readonly overview: Overview
}

/** What needs somebody first, then what is new; on most days neither. */
export function InsightList({ site, overview }: Props): JSX.Element {
  const told = toTold(overview, format)
  return (
    <section class="insights" aria-labelledby="insights-title">
      <h2 id="insights-title">What to know</h2>
      {told.length === 0 ? (
        <p class="hint">
          Nothing needs you: slots are found, shares are served, nobody has won yet.
        </p>
      ) : (
        <ul>
          {told.map((one) => (
            <li key={one.words} class={`insight insight-${one.tone}`}>
              <span class="insight-tone">{one.tone === 'need' ? 'Needs you' : 'New'}</span>
              <span>{one.words}</span>
              {one.to && <Way site={site} to={one.to} />}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Way({ site, to }: { readonly site: string; readonly to: NonNullable<Told['to']> }) {
  const route =
    'kind' in to
      ? ({ screen: 'thing', site, kind: to.kind, id: to.id } as const)
      : ({ screen: 'report', site, experience: to.experience, asked: '' } as const)
  return <a href={toHash(route)}>{'kind' in to ? 'Open it' : 'See the report'}</a>
}
