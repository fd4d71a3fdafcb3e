import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Heading } from '../frame/heading.tsx'
import { LoadingState } from '../frame/loading-state.tsx'
import { narrow } from '../frame/narrow.ts'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { isKind } from '../kinds.ts'
import { useLoaded } from '../loading.ts'
import { format } from '../reader.ts'
import { toHash } from '../route.ts'
import { type LogEntry, readLog } from './api.ts'

/** Every change of a site, the newest first. */
export function LogScreen({ site }: { readonly site: string }): JSX.Element {
  const [cursors, setCursors] = useState<readonly (string | undefined)[]>([undefined])
  const cursor = cursors.at(-1)
  const log = useLoaded(`log ${site} ${cursor}`, () => readLog(site, cursor))
  return (
    <>
      <Heading>Log</Heading>
      <p class="hint">Every change, by whom and when. Nothing is ever taken out of it.</p>
      <LoadingState loaded={log} what="entries" />
      {log.value?.items.length === 0 && (
        <div class="empty">
          <p>No changes yet.</p>
        </div>
      )}
      {log.value && log.value.items.length > 0 && (
        <section class="card words">
          {narrow.value ? (
            <Entries site={site} entries={log.value.items} />
          ) : (
            <Table site={site} entries={log.value.items} />
          )}
        </section>
      )}
      <p class="card-foot">
        {cursors.length > 1 && (
          <button type="button" onClick={() => setCursors(cursors.slice(0, -1))}>
            Newer
          </button>
        )}
        {log.value?.next && (
          <button
            type="button"
            onClick={() => setCursors([...cursors, log.value?.next ?? undefined])}
          >
            Older
          </button>
        )}
      </p>
    </>
  )
}

interface EntriesProps {
  readonly site: string
  readonly entries: readonly LogEntry[]
}

function Table({ site, entries }: EntriesProps): JSX.Element {
  return (
    <ScrollTable label="Changes">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">What</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.seq}>
            <td>{format.moment(entry.at)}</td>
            <td>
              {entry.by} <span class="hint">{entry.role}</span>
            </td>
            <td>
              <What site={site} entry={entry} />
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  )
}

/** A phone has no room for three columns. */
function Entries({ site, entries }: EntriesProps): JSX.Element {
  return (
    <ol class="entries">
      {entries.map((entry) => (
        <li key={entry.seq}>
          <What site={site} entry={entry} />
          <span class="hint">
            {format.moment(entry.at)} · {entry.by}, {entry.role}
          </span>
        </li>
      ))}
    </ol>
  )
}

function What({ site, entry }: { readonly site: string; readonly entry: LogEntry }): JSX.Element {
  const { kind, id, summary, action } = entry
  const words = summary || action
  if (!kind || !id || !isKind(kind)) return <>{words}</>
  return <a href={toHash({ screen: 'thing', site, kind, id })}>{words}</a>
}
