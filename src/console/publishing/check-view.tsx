import type { JSX } from 'preact'
import type { Configuration } from '../../model/configuration.ts'
import type { Mistake } from '../call.ts'
import type { CheckReport, Collision } from './api.ts'
import { placeOf } from './place.ts'

interface Props {
  readonly site: string
  readonly draft: Configuration | null
  readonly report: CheckReport
}

/** What a check found, each with the way to where it is mended. */
export function CheckView({ site, draft, report }: Props): JSX.Element {
  const { problems, warnings, collisions } = report
  return (
    <>
      {problems.length === 0 ? (
        <p class="verdict verdict-good">Everything that can be checked is right.</p>
      ) : (
        <p class="verdict verdict-bad">
          {problems.length === 1 ? 'One thing' : `${problems.length} things`} must be mended first.
        </p>
      )}
      <Findings title="To mend" tone="bad" site={site} draft={draft} findings={problems} />
      <Findings title="To know" tone="warn" site={site} draft={draft} findings={warnings} />
      <Collisions collisions={collisions} />
    </>
  )
}

interface FindingsProps {
  readonly title: string
  readonly tone: 'bad' | 'warn'
  readonly site: string
  readonly draft: Configuration | null
  readonly findings: readonly Mistake[]
}

function Findings({ title, tone, site, draft, findings }: FindingsProps): JSX.Element | null {
  if (findings.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul class={`findings findings-${tone}`}>
        {findings.map(({ pointer, detail }) => {
          const { title, href, field } = placeOf(pointer, site, draft)
          return (
            <li key={pointer + detail}>
              <b>{href ? <a href={href}>{title}</a> : title}</b>
              {field && <span class="hint"> · {field}</span>}
              <p>{detail}</p>
            </li>
          )
        })}
      </ul>
    </>
  )
}

function Collisions({ collisions }: { readonly collisions: readonly Collision[] }) {
  if (collisions.length === 0) return null
  return (
    <>
      <h3>Where experiences meet</h3>
      <ul class="findings">
        {collisions.map(({ slot, experiences, detail }) => (
          <li key={slot + experiences.join()}>
            <b>{slot}</b>
            <span class="hint"> · {experiences.join(', ')}</span>
            <p>{detail}</p>
          </li>
        ))}
      </ul>
    </>
  )
}
