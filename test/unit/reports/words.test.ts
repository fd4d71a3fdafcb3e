import { describe, expect, test } from 'vitest'
import { toNews } from '../../../src/console/figures/news.ts'
import type { Insight, Overview, Standing } from '../../../src/model/overview.ts'
import type { Verdict } from '../../../src/model/report.ts'
import { createFormat } from '../../../src/reports/format.ts'
import { insightWords, standingWords } from '../../../src/reports/words.ts'
import { toLift, toStanding } from '../console/reports.ts'

const format = createFormat('en-GB', 'UTC')

describe('a verdict in words', () => {
  test.each<[Verdict, Partial<Standing>, string]>([
    [{ kind: 'nothing' }, {}, 'Nobody has been shown this yet.'],
    [{ kind: 'no_goal' }, {}, 'No goal is set, so there is nothing to compare.'],
    [{ kind: 'single', arm: 'a' }, {}, '“Calm” is the only variant.'],
    [{ kind: 'listed', arm: 'a' }, {}, 'A list; “Calm” comes first most often.'],
    [
      { kind: 'too_few', more: 1234 },
      {},
      'Not enough to say yet: nothing can be compared for about 1,200 more visitors.',
    ],
    [
      { kind: 'open', arm: 'b', more: 35_400 },
      {},
      'Not enough to say yet: “b” is in front, and about 35,000 more visitors would settle it if that stays so.',
    ],
    [
      { kind: 'open', arm: 'a', more: null },
      {},
      'Not enough to say: “Calm” is in front, by too little to wait for.',
    ],
    [
      { kind: 'better', arm: 'b' },
      { lift: toLift(0.125, 'above') },
      '“b” is better than “Calm”: +13%, between +7.5% and +18%.',
    ],
    // Where the control brings hardly anything there is no part of it to tell.
    [{ kind: 'better', arm: 'b' }, { lift: toLift(null, 'above') }, '“b” is better than “Calm”.'],
    [{ kind: 'control', arm: 'a' }, {}, '“Calm” is better than anything else here.'],
    [
      { kind: 'alike', arm: 'a', within: 0.013 },
      {},
      'It makes no difference worth having: none is more than 1.3% from “Calm”.',
    ],
  ])('%j', (verdict, more, words) => {
    expect(standingWords(toStanding({ verdict, ...more }), format)).toBe(words)
  })
})

describe('an insight in words', () => {
  const told = (insight: Insight) =>
    insightWords(
      insight,
      () => 'Home hero',
      () => 'Loud',
      format,
    )

  test.each<[Insight, object]>([
    [
      { kind: 'winner', experience: 'hero', arm: 'b' },
      { tone: 'news', words: '“Loud” has won in “Home hero”.', to: { experience: 'hero' } },
    ],
    [
      { kind: 'slot_gone', slot: 'hero', lastFoundAt: 0 },
      { tone: 'need', words: expect.stringContaining('“hero”'), to: { kind: 'slots', id: 'hero' } },
    ],
    [
      { kind: 'cap_full', of: 'stock', id: 'tent', most: 1200 },
      {
        ...{ tone: 'need', to: { kind: 'variants', id: 'tent' } },
        words: 'All 1,200 places of “tent” are taken: nobody else gets it.',
      },
    ],
    [
      { kind: 'sample_ratio', experience: 'hero' },
      { tone: 'need', words: expect.stringContaining('cache'), to: { experience: 'hero' } },
    ],
  ])('%j', (insight, want) => expect(told(insight)).toEqual(want))
})

describe('news', () => {
  const overview = (verdict: Verdict, insights: Insight[] = [], shown = 1): Overview => ({
    ...{ generatedAt: 0, insights },
    experiences: [toStanding({ verdict, shown })],
  })
  const open = overview({ kind: 'open', arm: 'a', more: 5000 })

  test('are no growing figures', () => {
    expect(toNews(open, overview({ kind: 'open', arm: 'a', more: 4000 }, [], 900), format)).toEqual(
      [],
    )
  })

  test('are another verdict and what comes with it', () => {
    const won = overview({ kind: 'better', arm: 'a' }, [
      { kind: 'winner', experience: 'hero', arm: 'a' },
    ])
    expect(toNews(open, won, format)).toEqual([
      '“Calm” has won in “Home hero”.',
      'Home hero: “Calm” is better than “Calm”.',
    ])
    expect(toNews(won, won, format)).toEqual([])
  })

  test('that are many are a number', () => {
    const many = overview(
      { kind: 'open', arm: 'a', more: 5000 },
      ['a', 'b', 'c', 'd'].map((slot) => ({ kind: 'slot_gone', slot, lastFoundAt: 0 })),
    )
    expect(toNews(open, many, format)).toEqual(['4 things are new.'])
  })
})
