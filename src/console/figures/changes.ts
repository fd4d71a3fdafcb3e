import type { Figures } from '../../model/figures.ts'
import type { Format } from '../format.ts'
import { toExperienceName } from './arms.ts'
import { type Reading, toReading, toWords } from './reading.ts'

/** More news than this at once is announced as a number: nobody listens to a list. */
const MOST_SENTENCES = 3

/**
 * What a screen reader should hear after a refresh: an experience that came or went, or whose
 * reading turned, as when another variant leads. Mere growth of the figures is not news.
 */
export function toNews(before: Figures, after: Figures, format: Format): readonly string[] {
  const known = new Map(before.experiences.map((experience) => [experience.id, experience]))
  const news = after.experiences.flatMap((experience) => {
    const old = known.get(experience.id)
    const reading = toReading(experience)
    if (old !== undefined && toGist(toReading(old)) === toGist(reading)) return []
    return [`${toExperienceName(experience)}: ${toWords(reading, format)}`]
  })
  if (news.length <= MOST_SENTENCES) return news
  return [`${format.count(news.length)} experiences read differently now.`]
}

/** The part of a reading whose change is news. */
function toGist(reading: Reading): string {
  if (reading.kind === 'leads') return `leads ${reading.pair.first.arm}`
  if (reading.kind === 'fixed') return `fixed ${reading.pair.first.arm} ${reading.pair.overlap}`
  return reading.kind
}
