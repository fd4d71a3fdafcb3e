import { Hono } from 'hono'
import * as z from 'zod'
import { GALLERY, RECIPES } from '../../templates/gallery/gallery.ts'
import { ModuleSchema } from '../model/module.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { readBodyOf } from './body.ts'
import { changeOf } from './change.ts'
import { fillRecipe } from './recipes.ts'
import { addThings } from './things.ts'

/** What a recipe asks for, by the name of the choice. */
export const AnswersSchema = z.record(z.string().max(64), z.string().trim().max(200))

/** Modules and recipes to begin from; the same for every site. */
export const gallery = new Hono<StaffEnv>().get('/', requireRole('marketer'), (c) =>
  c.json({
    modules: GALLERY.map(({ id, name, about, template, fields, content }) => {
      return {
        id,
        name,
        about,
        module: ModuleSchema.parse({ id, name, template, fields }),
        content,
      }
    }),
    recipes: RECIPES.map(({ id, name, about, choices }) => ({ id, name, about, choices })),
  }),
)

/** Fills a recipe in: all its things become drafts of the site, or none; nothing is published. */
export const recipes = new Hono<StaffEnv>().post('/:recipe', requireRole('editor'), async (c) => {
  const recipe = RECIPES.find(({ id }) => id === c.req.param('recipe'))
  if (!recipe) return problem(c, 'not_found')
  const answers = await readBodyOf(c, AnswersSchema)
  if (!answers.ok) return answers.response
  const made = await addThings(
    c.env.DB,
    c.req.param('site') ?? '',
    (draft) => fillRecipe(recipe, answers.value, draft),
    changeOf(c),
  )
  if (made.ok)
    return c.json({ things: made.value.map(({ kind, doc }) => ({ kind, id: doc.id })) }, 201)
  const { error } = made
  return error.reason === 'not_found'
    ? problem(c, 'not_found')
    : problem(c, 'invalid', { errors: error.problems })
})
