import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Report } from '../../model/report.ts'
import { CAVEAT_WORDS, verdictWords } from '../../reports/words.ts'
import { readReport } from '../api.ts'
import { Heading } from '../frame/heading.tsx'
import { Notice } from '../frame/notice.tsx'
import { createPoll } from '../poll.ts'
import { format } from '../reader.ts'
import type { ReportRoute } from '../route.ts'
import { PollToolbar } from '../screens/poll-toolbar.tsx'
import { Staleness } from '../screens/staleness.tsx'
import { isHoldout, toArmName, toShown } from './arms.ts'
import { Controls, readWish } from './controls.tsx'
import { Facts } from './facts.tsx'
import { KeyFigures } from './key-figures.tsx'
import { Legend } from './legend.tsx'
import { LivePanel } from './live-panel.tsx'
import { Panels } from './panels.tsx'

/** What one experience did: the verdict, what to know to believe it, and the figures behind it. */
export function ReportScreen({ site, experience, asked }: ReportRoute): JSX.Element {
  const wish = useMemo(() => readWish(asked), [asked])
  const poll = useMemo(
    () => createPoll(() => readReport(site, experience, wish)),
    [site, experience, wish],
  )
  useEffect(() => poll.start(), [poll])
  const polled = poll.state.value
  const report = useNewest(polled.value)
  return (
    <>
      <Heading>{report?.name ?? experience}</Heading>
      {report && <Lede report={report} />}
      {(polled.refusal !== null || report === null) && (
        <Staleness polled={polled} what="figures" retry={poll.refresh} />
      )}
      {report && (
        <>
          <Controls report={report} current={{ site, experience }} wish={wish} />
          <div aria-busy={polled.value === null}>
            <KeyFigures report={report} />
            {isDelivered(report) && (
              <Panels report={report} of={{ site, experience }} wish={wish} />
            )}
            <LivePanel report={toShown(report)} of={{ site, experience }} />
          </div>
          <PollToolbar at={report.generatedAt}>
            <button type="button" onClick={() => print()}>
              Print
            </button>
          </PollToolbar>
          <Legend />
        </>
      )}
    </>
  )
}

/** What was shown before stays until what is asked for now is here. */
function useNewest(value: Report | null): Report | null {
  const newest = useRef<Report | null>(null)
  if (value) newest.current = value
  return newest.current
}

function Lede({ report }: { readonly report: Report }): JSX.Element {
  const { verdict, control, arms, caveats } = report
  const armOf = (id: string) => arms.find(({ arm }) => arm === id)
  const named = 'arm' in verdict ? armOf(verdict.arm) : undefined
  const nameOf = (id: string) => {
    const arm = armOf(id)
    return arm ? toArmName(arm) : id
  }
  const words = verdictWords({ verdict, control, lift: named?.lift ?? null, nameOf }, format)
  return (
    <>
      <p class="lede">{words}</p>
      <Facts report={report} />
      {caveats.map((caveat) => (
        <Notice key={caveat} tone={caveat === 'sample_ratio' ? 'error' : 'calm'}>
          <p>{CAVEAT_WORDS[caveat]}</p>
        </Notice>
      ))}
    </>
  )
}

/** Before the first exposure there is nothing to draw or to tabulate. */
function isDelivered({ arms }: Report): boolean {
  return arms.some((arm) => !isHoldout(arm) && arm.counts.delivered > 0)
}
