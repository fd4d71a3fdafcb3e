import type { Overview } from '../../model/overview.ts'
import type { Format } from '../../reports/format.ts'
import { standingWords, toTold } from '../../reports/words.ts'

/** More news than this at once is announced as a number: nobody listens to a list. */
const MOST_SENTENCES = 3

/**
 * What a screen reader should hear after a refresh: insights that are new, and experiences whose verdict is
 * another one. Mere growth of the figures is not news.
 */
export function toNews(before: Overview, after: Overview, format: Format): readonly string[] {
  const told = new Set(toTold(before, format).map(({ words }) => words))
  const known = new Map(before.experiences.map(({ id, verdict }) => [id, verdict.kind]))
  const turned = after.experiences.filter(({ id, verdict }) => known.get(id) !== verdict.kind)
  const news = [
    ...toTold(after, format).flatMap(({ words }) => (told.has(words) ? [] : [words])),
    ...turned.map((standing) => `${standing.name}: ${standingWords(standing, format)}`),
  ]
  if (news.length <= MOST_SENTENCES) return news
  return [`${format.count(news.length)} things are new.`]
}
