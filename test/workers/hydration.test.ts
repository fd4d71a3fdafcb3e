import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { Slot } from '../../src/model/slot.ts'
import type { SlotHealth } from '../../src/model/slot-health.ts'
import type { Plan } from '../../src/rewrite/plan.ts'
import { rewrite } from '../../src/rewrite/rewrite.ts'

const hero: Slot = {
  id: 'hero',
  name: '',
  selector: '#hero',
  pages: ['/'],
  operation: 'inner',
  required: true,
}

async function sight(html: string, sampled = true): Promise<unknown> {
  const origin = new Response(html, { headers: { 'content-type': 'text/html' } })
  const plan: Plan = {
    fragments: [{ slot: hero, experience: 'e', html: '<b>new</b>', marks: ['hero'] }],
    watched: [{ ...hero, id: 'other', selector: '#other' }],
    sampled,
    cookies: [],
    timing: '',
  }
  let seen: unknown
  const result = rewrite(origin, plan, (sightings) => {
    seen = Object.fromEntries(sightings)
  })
  await result.response.text()
  return seen
}

const SLOTS = '<p id=hero>old</p><p id=other>kept</p>'

test.each([
  ['a page without a framework', `<body>${SLOTS}</body>`, undefined],
  ['next', `<div id="__next"><div>${SLOTS}</div></div>`, 'next'],
  ['next, the slot beside its root', `<div id="__next"><i>x</i></div>${SLOTS}`, undefined],
  ['next’s app router', `${SLOTS}<script src="/_next/static/a.js"></script>`, 'next'],
  ['nuxt', `<div id="__nuxt">${SLOTS}</div>`, 'nuxt'],
  ['react', `<main data-reactroot>${SLOTS}</main>`, 'react'],
  ['vue', `<div data-v-app>${SLOTS}</div>`, 'vue'],
  ['angular', `<app-root ng-version="19.2.0">${SLOTS}</app-root>`, 'angular'],
  ['svelte', `<body data-sveltekit-preload-data="hover">${SLOTS}</body>`, 'svelte'],
  ['astro', `<astro-island uid="1">${SLOTS}</astro-island>`, 'astro'],
  ['astro, the slot outside the island', `<astro-island>x</astro-island>${SLOTS}`, undefined],
  ['gatsby', `<div id="___gatsby">${SLOTS}</div>`, 'gatsby'],
])('%s', async (_, html, framework) => {
  const expected = { matches: 1, ...(framework && { framework }) }
  expect(await sight(html)).toEqual({ hero: expected, other: expected })
})

test('a page that is not sampled tells of matches only', async () => {
  const seen = await sight(`<div id="__next">${SLOTS}<i id=hero></i></div>`, false)
  expect(seen).toEqual({ hero: { matches: 2 }, other: { matches: 1 } })
})

test('a slot that is not there is told of as well', async () => {
  expect(await sight('<p id=other>')).toEqual({ hero: { matches: 0 }, other: { matches: 1 } })
})

test('the board adds up what edges tell, by slot, for an hour', async () => {
  const board = env.BOARD.getByName('slots')
  const now = Date.UTC(2026, 0, 1, 12)
  const news = { pages: 10, missing: 0, repeated: 1 }
  await board.countSlots({ hero: { ...news, framework: 'next' } }, now)
  await board.countSlots({ hero: news }, now + 60_000)
  await board.countSlots({ hero: { pages: 5, missing: 5, repeated: 0 } }, now + 120_000)
  expect(await board.slotHealth()).toEqual([
    {
      slot: 'hero',
      pages: 25,
      missing: 5,
      repeated: 2,
      lastFoundAt: now + 60_000,
      framework: 'next',
    },
  ] satisfies SlotHealth[])
  await board.countSlots({ other: news }, now + 65 * 60_000)
  expect((await board.slotHealth()).map(({ slot }) => slot)).toEqual(['other'])
})
