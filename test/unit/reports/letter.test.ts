import { describe, expect, test } from 'vitest'
import type { Overview } from '../../../src/model/overview.ts'
import { type Addressed, toNotice, toWeekly } from '../../../src/reports/letter.ts'
import { toStanding } from '../console/reports.ts'

const to: Addressed = {
  site: { id: 'shop', name: 'Shop & <Co>', timezone: 'Europe/Rome' },
  console: 'https://shop.test/_sv/console/',
}
const overview: Overview = {
  generatedAt: Date.parse('2026-11-23T06:00:00Z'),
  insights: [
    { kind: 'slot_gone', slot: 'hero', lastFoundAt: 0 },
    { kind: 'winner', experience: 'hero', arm: 'a' },
  ],
  experiences: [
    toStanding({ name: '<img src=x>', verdict: { kind: 'single', arm: 'a' }, lately: 1200 }),
    toStanding({ id: 'quiet', name: 'Quiet', lately: 0 }),
  ],
}

describe('the letter of a week', () => {
  test('says what needs somebody, and what each experience does that was shown', async () => {
    const { subject, text } = await toWeekly(overview, to)
    expect(subject).toBe('Shop & <Co>: one thing needs you')
    expect(text).toContain('The slot “hero” is on no page any more')
    expect(text).toContain('https://shop.test/_sv/console/#/sites/shop/slots/hero')
    expect(text).toContain('- <img src=x>: “Calm” is the only variant. (1,200 this week)')
    expect(text).not.toContain('Quiet')
  })

  test('is a document of its own, in which names are no markup', async () => {
    const { html } = await toWeekly(overview, to)
    expect(html).toContain('<h1 style="margin:0;font-size:22px">Shop &amp; &lt;Co&gt;</h1>')
    expect(html).toContain('&lt;img src=x&gt;')
    expect(html).not.toMatch(/<(img|script|link|style)\b/)
    expect(html).toContain('23 Nov 2026, 07:00')
    expect(html.match(/Needs you\./g)).toHaveLength(1)
  })

  test('of a quiet week is short', async () => {
    const quiet = { ...overview, insights: [], experiences: [] }
    const { subject, text } = await toWeekly(quiet, to)
    expect(subject).toBe('Shop & <Co>: your week')
    expect(text).toContain('Nothing needs you.\n\nNothing was shown this week.')
  })
})

test('a notice tells what came up, and what is over', () => {
  const one = { tone: 'need', words: 'It is broken.', to: { experience: 'hero' } } as const
  expect(toNotice([one], [{ ...one, words: 'It was stuck.' }], to)).toBe(
    'Shop & <Co>\n\nIt is broken.\nhttps://shop.test/_sv/console/#/sites/shop/figures/hero\n\nNo longer so: It was stuck.',
  )
})
