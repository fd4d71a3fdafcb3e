import { describe, expect, test } from 'vitest'
import { toNews } from '../../../src/console/figures/changes.ts'
import { createFormat } from '../../../src/console/format.ts'
import type { ExperienceFigures, Figures } from '../../../src/model/figures.ts'
import { type ArmRow, toExperience } from './experiences.ts'

const format = createFormat('en-GB', 'UTC')

function at(...experiences: ExperienceFigures[]): Figures {
  return { generatedAt: 0, experiences }
}

const lead = (arm: 'a' | 'b', trials = 1000): ExperienceFigures => {
  const rows: ArmRow[] = [
    ['a', arm === 'a' ? 7000 : 3000, trials, 40],
    ['b', arm === 'b' ? 7000 : 3000, trials, 40],
  ]
  return toExperience(rows)
}

test('growing figures are no news', () => {
  expect(toNews(at(lead('a')), at(lead('a', 1200)), format)).toEqual([])
})

test('another leader is', () => {
  expect(toNews(at(lead('a')), at(lead('b')), format)).toEqual([
    'Home hero: “B” leads with 70% of traffic; 4.0% vs 4.0% for “A”, with overlapping intervals.',
  ])
})

test('so is the first thing to say', () => {
  const [first] = toNews(at(toExperience([['a', 10_000, 0, 0]])), at(lead('a')), format)
  expect(first).toMatch(/^Home hero: “A” leads/)
})

test('an experience that came is news, one that went is not', () => {
  expect(toNews(at(), at(lead('a')), format)).toHaveLength(1)
  expect(toNews(at(lead('a')), at(), format)).toEqual([])
})

describe('many at once', () => {
  const many = (arm: 'a' | 'b', count: number) =>
    at(...Array.from({ length: count }, (_, i) => ({ ...lead(arm), id: `e${i}` })))
  test('up to three are told', () => {
    expect(toNews(many('a', 3), many('b', 3), format)).toHaveLength(3)
  })
  test('more are counted', () => {
    expect(toNews(many('a', 4), many('b', 4), format)).toEqual([
      '4 experiences read differently now.',
    ])
  })
})
