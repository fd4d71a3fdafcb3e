import type { JSX } from 'preact'
import type { Report } from '../../model/report.ts'
import { type ReportTable, type ReportWish, reportCsv } from '../api.ts'
import { ArmTable } from './arm-table.tsx'
import { toShown, toVariants } from './arms.ts'
import { DayPlot } from './day-plot.tsx'
import { LadderTable } from './ladder-table.tsx'
import { LiftPlot } from './lift-plot.tsx'
import { Panel } from './panel.tsx'
import { RatePlot } from './rate-plot.tsx'
import { SegmentPlot } from './segment-plot.tsx'
import { SharePlot, whyNoSharePlot } from './share-plot.tsx'
import { SoFarPlot } from './so-far-plot.tsx'
import { WatchedTable } from './watched-table.tsx'

interface Props {
  readonly report: Report
  readonly of: { readonly site: string; readonly experience: string }
  readonly wish: ReportWish
}

/** All that is behind a verdict, what it rests on first. */
export function Panels({ report, of, wish }: Props): JSX.Element {
  const csv = (table: ReportTable) => reportCsv(of, table, wish)
  const shown = toShown(report)
  const hidden = report.arms.length - shown.arms.length
  const fixed = whyNoSharePlot(report)
  const isTimed = report.days.length > 0
  const isSummed = isTimed && report.goal !== null && !isMixed(report)
  const isDivided = report.segments.length > 0 && toVariants(report).length > 1
  // Panels stand in pairs: where one would stand alone, days take the room of two.
  const narrow = [true, fixed === null, isSummed, isTimed, isDivided].filter(Boolean).length
  const isCompared = report.goal !== null && report.arms.some(({ lift, worth }) => lift ?? worth)
  return (
    <div class="panels">
      {isCompared && (
        <Panel title="Comparisons" csv={csv('arms')} wide>
          <LiftPlot report={shown} />
        </Panel>
      )}
      {report.watched.length > 0 && (
        <Panel title="Watched goals" csv={csv('watched')} wide>
          <WatchedTable report={shown} />
        </Panel>
      )}
      <Panel title="Variants now" csv={csv('arms')} wide>
        <ArmTable experience={report} shown={shown} note={fixed} />
      </Panel>
      <Panel title="Rates" csv={csv('arms')}>
        <RatePlot experience={shown} />
      </Panel>
      {fixed === null && (
        <Panel title="Traffic over time" csv={csv('history')}>
          <SharePlot experience={shown} hidden={hidden} until={report.generatedAt} />
        </Panel>
      )}
      {isSummed && (
        <Panel title="Rates over time" csv={csv('days')}>
          <SoFarPlot report={shown} />
        </Panel>
      )}
      {isTimed && (
        <Panel title="Day by day" csv={csv('days')} wide={narrow % 2 === 1}>
          <DayPlot report={shown} />
        </Panel>
      )}
      {isDivided && (
        <Panel title="Segments" csv={csv('segments')}>
          <SegmentPlot report={shown} />
        </Panel>
      )}
      <Panel title="Exposure ladder" csv={csv('arms')} wide>
        <LadderTable experience={shown} />
      </Panel>
    </div>
  )
}

/** Where plain rates mix other people or other times for each variant, summing them up would mislead. */
function isMixed({ caveats }: Report): boolean {
  return caveats.includes('mixed') || caveats.includes('reshared')
}
