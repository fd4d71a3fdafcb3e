import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { readEventCounts } from '../api.ts'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { createPoll } from '../poll.ts'
import { format } from '../reader.ts'
import { readCounts } from './reading.ts'

/** What became of the site's events; nothing until one came. */
export function EventTable({ site }: { readonly site: string }): JSX.Element | null {
  const hours = useMemo(() => createPoll(() => readEventCounts(site)), [site])
  useEffect(() => hours.start(), [hours])
  const { value, at } = hours.state.value
  const rows = readCounts(value ?? [], at)
  if (rows.length === 0) return null
  return (
    <section class="card events" aria-labelledby="events-title">
      <h2 id="events-title">Events</h2>
      <ScrollTable label="What became of events">
        <thead>
          <tr>
            <th scope="col">What became of them</th>
            <th scope="col">This hour</th>
            <th scope="col">Last 24 hours</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ outcome, words, lastHour, lastDay }) => (
            <tr key={outcome}>
              <th scope="row">{words}</th>
              <td>{format.count(lastHour)}</td>
              <td>{format.count(lastDay)}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </section>
  )
}
