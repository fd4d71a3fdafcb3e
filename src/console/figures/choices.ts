import type { Report } from '../../model/report.ts'
import { toArmName, toVariants } from './arms.ts'
import { toSegmentName } from './segment-name.ts'

/** What a report's address asks for. */
export const ASKED = ['control', 'measure', 'segment', 'days'] as const

export type Asked = (typeof ASKED)[number]

type Wish = Readonly<Partial<Record<Asked, string>>>

/** One thing that a report is asked for, with what there is to choose from. */
export interface Choice {
  readonly name: Asked
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, words: string])[]
}

/** Only what there is a choice of. */
export function toChoices(report: Report, wish: Wish): readonly Choice[] {
  const variants = toVariants(report)
  const isWorth = variants.some(({ counts }) => counts.value > 0)
  const segments = [...new Set(report.segments.map(({ segment }) => segment))]
  const control: Choice = {
    ...{ name: 'control', label: 'Compare with', value: report.control ?? '' },
    options: variants.map((arm) => [arm.arm, toArmName(arm)]),
  }
  const measure: Choice = {
    ...{ name: 'measure', label: 'By', value: report.measure },
    options: [
      ['rewards', 'how often'],
      ['value', 'how much it is worth'],
    ],
  }
  const segment: Choice = {
    ...{ name: 'segment', label: 'Visitors', value: report.segment ?? '' },
    options: [['', 'all'], ...segments.map((name) => [name, toSegmentName(name)] as const)],
  }
  const asked = wish.days ?? USUAL_DAYS
  const days: Choice = {
    ...{ name: 'days', label: 'Days', value: asked },
    options: [...new Set([...DAYS, asked])].map((count) => [count, `last ${count}`]),
  }
  return [
    ...(report.allocation !== 'ranked' && variants.length > 2 ? [control] : []),
    ...(isWorth ? [measure] : []),
    ...(segments.length > 1 || report.segment !== null ? [segment] : []),
    ...(report.days.length > 0 ? [days] : []),
  ]
}

const DAYS = ['7', '30', '90'] as const

/** What the API tells unless it is asked for others. */
const USUAL_DAYS = '30'
