import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { SlotHealth } from '../../model/slot-health.ts'
import { readSlots } from '../api.ts'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { createPoll } from '../poll.ts'
import { format } from '../reader.ts'
import { readSlot } from './reading.ts'

/** How the site's slots fared in the last hour; nothing until pages were looked at. */
export function SlotTable({ site }: { readonly site: string }): JSX.Element | null {
  const slots = useMemo(() => createPoll(() => readSlots(site)), [site])
  useEffect(() => slots.start(), [slots])
  const health = slots.state.value.value
  if (!health || health.length === 0) return null
  return (
    <section class="card slots" aria-labelledby="slots-title">
      <h2 id="slots-title">Slots in the last hour</h2>
      <ScrollTable label="Each slot’s pages and state">
        <thead>
          <tr>
            <th scope="col">Slot</th>
            <th scope="col">Pages</th>
            <th scope="col">Missing</th>
            <th scope="col">Last found</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {health.map((slot) => (
            <SlotRow key={slot.slot} slot={slot} />
          ))}
        </tbody>
      </ScrollTable>
    </section>
  )
}

function SlotRow({ slot }: { readonly slot: SlotHealth }): JSX.Element {
  const { words, tone } = readSlot(slot)
  return (
    <tr>
      <th scope="row">{slot.slot}</th>
      <td>{format.count(slot.pages)}</td>
      <td>{format.count(slot.missing)}</td>
      <td>{slot.lastFoundAt === 0 ? '–' : format.time(slot.lastFoundAt)}</td>
      <td>{tone === 'warning' ? <strong>{words}</strong> : words}</td>
    </tr>
  )
}
