import { beforeAll, describe, expect, test } from 'vitest'
import { GALLERY, RECIPES } from '../../templates/gallery/gallery.ts'
import { configurationOf } from './configuration.ts'
import { ask, askApi, problemOf, publishDraft, staffToken } from './doors.ts'

const editor = await staffToken('editor', 600)
const marketer = await staffToken('marketer', 600)

interface Gallery {
  readonly modules: readonly { id: string; module: { id: string }; content: object }[]
  readonly recipes: readonly { id: string; choices: readonly { name: string }[] }[]
}
interface Made {
  readonly things: readonly { readonly kind: string; readonly id: string }[]
}

const fill = (recipe: string, body: object, token = editor) =>
  askApi(`POST /sites/shop/recipes/${recipe}`, { token, body })
const SLOT = configurationOf().slots[0]?.id

beforeAll(async () => {
  await publishDraft(configurationOf())
})

describe('the gallery', () => {
  test('tells marketers of each module with content that shows it, and of each recipe', async () => {
    const answer = await askApi('GET /gallery', { token: marketer })
    const { modules, recipes } = await answer.json<Gallery>()
    expect(modules.map(({ id }) => id)).toEqual(GALLERY.map(({ id }) => id))
    expect(recipes.map(({ id }) => id)).toEqual(RECIPES.map(({ id }) => id))
  })

  test('has modules that a publish takes with the content that shows them', async () => {
    const { modules } = await (await askApi('GET /gallery')).json<Gallery>()
    const base = configurationOf()
    const draft = {
      ...base,
      modules: [...base.modules, ...modules.map(({ module }) => module)],
      variants: [
        ...base.variants,
        ...modules.map(({ module, content }) => ({ id: module.id, module: module.id, content })),
      ],
    }
    const saved = await askApi('PUT /sites/shop/configuration', { body: draft })
    expect(saved.status).toBe(204)
    const checked = await askApi('POST /sites/shop/check', { body: {} })
    expect(await checked.json()).toMatchObject({ problems: [] })
  })

  test.each([
    ['css', /^text\/css/],
    ['js', /^(text|application)\/javascript/],
    ['svg', /^image\/svg/],
  ])('lets pages load gallery.%s', async (end, type) => {
    const answer = await ask(`/_sv/gallery.${end}`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(type)
    expect((await answer.text()).length).toBeGreaterThan(100)
  })
})

describe('a recipe', () => {
  test.each(RECIPES.map(({ id }) => id))('%s makes drafts that can be published', async (id) => {
    const made = await fill(id, { slot: SLOT })
    expect(made.status).toBe(201)
    const { things } = await made.json<Made>()
    expect(things.filter(({ kind }) => kind === 'variants').length).toBeGreaterThan(1)
    for (const { kind, id } of things) {
      expect((await askApi(`GET /sites/shop/${kind}/${id}`)).status).toBe(200)
    }
    expect((await askApi('POST /sites/shop/publish', { body: {} })).status).toBe(201)
  })

  test('filled in twice is there twice, with one module', async () => {
    const { things } = await (await fill('welcome-back', { slot: SLOT })).json<Made>()
    const again = await (await fill('welcome-back', { slot: SLOT })).json<Made>()
    expect(again.things.some(({ kind }) => kind === 'modules')).toBe(false)
    const ids = [...things, ...again.things].map(({ kind, id }) => `${kind}/${id}`)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('takes another id for its module where the site has something else by that name', async () => {
    const current = await askApi('GET /sites/shop/modules/gallery-form-help')
    const { doc } = await current.json<{ doc: object }>()
    const body = { ...doc, template: '<p>{{title}}</p>', fields: { title: { kind: 'text' } } }
    const tag = current.headers.get('etag') ?? ''
    await askApi('PUT /sites/shop/modules/gallery-form-help', {
      body,
      headers: { 'if-match': tag },
    })
    const { things } = await (await fill('registration-help', { slot: SLOT })).json<Made>()
    expect(things).toContainEqual({ kind: 'modules', id: 'gallery-form-help-2' })
  })

  test.each([
    [{ slot: 'nowhere' }, '/slot', 'unknown_reference'],
    [{}, '/slot', 'missing_field'],
    [{ slot: SLOT, link: 'javascript:alert(1)' }, '/link', 'invalid_field'],
    [{ slot: SLOT, goal: 'thanks' }, '/goal', 'invalid_field'],
    [{ slot: 7 }, '/slot', 'invalid'],
  ])('refuses %o, and makes nothing', async (answers, pointer, code) => {
    const before = await (await askApi('GET /sites/shop/configuration')).json()
    const refused = await fill('welcome-back', answers)
    expect(refused.status).toBe(422)
    expect((await problemOf(refused)).errors).toEqual([
      expect.objectContaining({ pointer, code, detail: expect.any(String) }),
    ])
    expect(await (await askApi('GET /sites/shop/configuration')).json()).toEqual(before)
  })

  test('is for editors, of sites and recipes that there are', async () => {
    expect((await fill('welcome-back', { slot: SLOT }, marketer)).status).toBe(403)
    expect((await fill('nothing', { slot: SLOT })).status).toBe(404)
    const elsewhere = await askApi('POST /sites/nowhere/recipes/win-back', {
      body: { slot: 'hero' },
    })
    expect(elsewhere.status).toBe(404)
  })
})
