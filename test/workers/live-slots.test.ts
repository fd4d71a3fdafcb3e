import { afterAll, describe, expect, test, vi } from 'vitest'
import { configurationOf, siteOf } from './configuration.ts'
import { askApi } from './doors.ts'

const PAGES: Readonly<Record<string, () => Response>> = {
  '/': () => html('<main id="hero">One</main><p class="twice">A</p><p class="twice">B</p>'),
  '/members': () => Response.redirect('https://origin.example/sign-in', 302),
  '/broken': () => new Response('Broken', { status: 500 }),
  '/data': () => Response.json({}),
}
const html = (markup: string) =>
  new Response(markup, { headers: { 'content-type': 'text/html; charset=utf-8' } })

const asked: string[] = []
const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
  const { pathname } = new URL(new Request(input).url)
  asked.push(pathname)
  return PAGES[pathname]?.() ?? new Response('Nothing', { status: 404 })
})
afterAll(() => fetched.mockRestore())

const { slots, modules, ...rest } = configurationOf({
  ...{ site: siteOf('live'), experiences: [], variants: [] },
})
const warningsOf = async (slot: object) => {
  const [hero] = slots
  const draft = { ...rest, modules: [], slots: [{ ...hero, ...slot }] }
  expect((await askApi('PUT /sites/live/configuration', { body: draft })).status).toBe(204)
  const answer = await askApi('POST /sites/live/check', { body: {} })
  const said = await answer.json<{ warnings: object[]; problems: object[] }>()
  expect(said.problems).toEqual([])
  return said.warnings
}

describe('a check looks at the site’s pages', () => {
  test.each<[object, object[]]>([
    [{ selector: '#hero', pages: ['/products/*', '/'] }, []],
    [
      { selector: '#gone', pages: ['/'], required: true },
      [
        {
          ...{ code: 'slot_not_found', pointer: '/slots/0/selector' },
          detail: 'It finds nothing on /, where it is required.',
        },
      ],
    ],
    [
      { selector: '.twice', pages: ['/'] },
      [
        {
          ...{ code: 'repeated_slot', pointer: '/slots/0/selector' },
          detail: 'It finds 2 elements on /; the first of them is the slot.',
        },
      ],
    ],
    [
      { selector: 'p', pages: ['/broken'] },
      [
        {
          ...{ code: 'page_not_seen', pointer: '/slots/0/pages' },
          detail: 'It could not be looked for: /broken answers 500.',
        },
      ],
    ],
    [
      { selector: 'p', pages: ['/data'] },
      [
        {
          ...{ code: 'page_not_seen', pointer: '/slots/0/pages' },
          detail: 'It could not be looked for: /data cannot be read as a page.',
        },
      ],
    ],
    [{ selector: 'p', pages: ['/members'] }, []],
    [{ selector: 'p', pages: ['/products/:id', '/guides/*'] }, []],
  ])('for %o it says %o', async (slot, warnings) => {
    expect(await warningsOf(slot)).toEqual(warnings)
  })

  test('each once, and none where the draft has mistakes', async () => {
    asked.length = 0
    const [hero] = slots
    const two = [
      { ...hero, id: 'one', pages: ['/'] },
      { ...hero, id: 'two', pages: ['/'] },
    ]
    const draft = { ...rest, modules: [], slots: two }
    await askApi('PUT /sites/live/configuration', { body: draft })
    await askApi('POST /sites/live/check', { body: {} })
    expect(asked).toEqual(['/'])
    const broken = { ...draft, modules: [{ ...modules[0], template: '{{#open}}' }] }
    await askApi('PUT /sites/live/configuration', { body: broken })
    await askApi('POST /sites/live/check', { body: {} })
    expect(asked).toEqual(['/'])
  })
})
