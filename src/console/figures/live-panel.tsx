import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { News } from '../../model/live.ts'
import type { Report } from '../../model/report.ts'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { PlotFigure } from '../plots/plot-figure.tsx'
import { format } from '../reader.ts'
import { ArmHead, ArmRows } from './arm-rows.tsx'
import { createLive, type Hearing } from './listening.ts'
import { LIVE_COUNTERS, toLiveBars, toLiveSums } from './live.ts'
import { Panel } from './panel.tsx'

/** Pixels. */
const HEIGHT = 120

/** Milliseconds after which the bars have moved on. */
const STEP = 1_000

const HEARING: Readonly<Record<Hearing, string>> = {
  off: 'What is counted, as it is counted.',
  connecting: 'Connecting…',
  listening: 'Listening.',
  lost: 'The line is cut; trying again.',
}

const NAMES: Readonly<Record<(typeof LIVE_COUNTERS)[number], string>> = {
  delivered: 'Delivered',
  seen: 'Seen',
  clicked: 'Clicked',
  rewarded: 'Rewarded',
}

interface Props {
  readonly report: Report
  readonly of: { readonly site: string; readonly experience: string }
}

/** Exposures and rewards as they happen, for whoever has just published or is showing it around. */
export function LivePanel({ report, of: { site, experience } }: Props): JSX.Element {
  const live = useMemo(() => createLive(site, experience), [site, experience])
  useEffect(() => live.stop, [live])
  const hearing = live.hearing.value
  const isOn = hearing !== 'off'
  return (
    <Panel title="Live" wide>
      <div class="live-head">
        <button type="button" aria-pressed={isOn} onClick={isOn ? live.stop : live.start}>
          Watch live
        </button>
        <span class="hint" role="status">
          {HEARING[hearing]}
        </span>
      </div>
      {isOn && <Heard report={report} heard={live.heard.value} />}
    </Panel>
  )
}

function Heard(props: { readonly report: Report; readonly heard: readonly News[] }): JSX.Element {
  const { report, heard } = props
  const now = useClock()
  const bars = toLiveBars(report, heard, now)
  const sums = toLiveSums(report, heard)
  return (
    <>
      <PlotFigure
        label={`${report.name}: exposures of the last five minutes; the figures are in the table below`}
        version={`${now} ${bars.length}`}
        height={HEIGHT}
        draw={(drawings, size) => drawings.drawLive(bars, now, size)}
      />
      {heard.length === 0 && (
        <p class="hint">Nothing has come in yet. Visits are told a few seconds after they were.</p>
      )}
      <ScrollTable label={`${report.name}: the last five minutes`}>
        <thead>
          <tr>
            <ArmHead />
            {LIVE_COUNTERS.map((step) => (
              <th key={step} scope="col">
                {NAMES[step]}
              </th>
            ))}
          </tr>
        </thead>
        {sums.map(({ arm, ...counts }) => (
          <ArmRows key={arm.arm} shown={report} arm={arm} columns={LIVE_COUNTERS.length}>
            {LIVE_COUNTERS.map((step) => (
              <td key={step}>{format.count(counts[step])}</td>
            ))}
          </ArmRows>
        ))}
      </ScrollTable>
    </>
  )
}

/** Epoch ms, moving on while somebody looks. */
function useClock(): number {
  const now = useSignal(Date.now())
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) now.value = Date.now()
    }, STEP)
    return () => clearInterval(timer)
  }, [now])
  return now.value
}
