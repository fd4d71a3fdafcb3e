import type { Answers, Recipe, RecipeChoice } from '../../templates/gallery/gallery.ts'
import { GALLERY } from '../../templates/gallery/gallery.ts'
import { AudienceSchema } from '../model/audience.ts'
import type { Configuration } from '../model/configuration.ts'
import { ExperienceSchema } from '../model/experience.ts'
import { GoalSchema } from '../model/goal.ts'
import { type Module, ModuleSchema } from '../model/module.ts'
import type { Problem, ProblemCode } from '../model/problem.ts'
import { err, ok, type Result } from '../model/result.ts'
import { VariantSchema } from '../model/variant.ts'
import { isSafeUrl } from '../render/escape.ts'
import type { NewThing } from './things.ts'

type Refusal = { readonly reason: 'invalid'; readonly problems: readonly Problem[] }

/**
 * The things of a recipe, under ids that are free in the draft: an audience, a goal, variants, the
 * experience, and the gallery's module unless the site has it as it is. Problems point at answers.
 */
export function fillRecipe(
  recipe: Recipe,
  given: Answers,
  draft: Configuration,
): Result<{ things: readonly NewThing[]; summary: string }, Refusal> {
  const answers = withDefaults(recipe.choices, given)
  const problems = recipe.choices.flatMap((choice) => check(choice, answers[choice.name], draft))
  if (problems.length > 0) return err({ reason: 'invalid', problems })
  const module = moduleOf(recipe.module, draft)
  const things = [
    ...(module.isNew ? [{ kind: 'modules' as const, doc: module.module }] : []),
    ...thingsOf(recipe, answers, { id: freeId(recipe.id, draft), module: module.module.id }),
  ]
  return ok({ things, summary: `Filled in the recipe “${recipe.name}”.` })
}

function withDefaults(choices: readonly RecipeChoice[], given: Answers): Answers {
  return Object.fromEntries(
    choices.map(({ name, default: usual = '' }) => [name, given[name] || usual]),
  )
}

function check(
  { name, label, kind }: RecipeChoice,
  answer: string | undefined,
  draft: Configuration,
): Problem[] {
  const wrong = (code: ProblemCode, detail: string) => [{ code, pointer: `/${name}`, detail }]
  if (!answer) return wrong('missing_field', `Say this: ${label}.`)
  if (kind === 'slot' && !draft.slots.some(({ id }) => id === answer)) {
    return wrong('unknown_reference', `This site has no slot “${answer}”.`)
  }
  if (kind === 'url' && !isSafeUrl(answer)) {
    return wrong('invalid_field', 'Write a path of the site, or an address with https.')
  }
  if (kind === 'path' && !answer.startsWith('/')) {
    return wrong('invalid_field', 'Write a path of the site, such as /thank-you.')
  }
  return []
}

/** The gallery's module as the site has it, or under the next id that is free. */
function moduleOf(id: string, { modules }: Configuration): { module: Module; isNew: boolean } {
  const { name, template, fields } = GALLERY.find((entry) => entry.id === id) ?? missing(id)
  const original = ModuleSchema.parse({ id, name, template, fields })
  const same = modules.find(
    (module) =>
      module.template === original.template &&
      JSON.stringify(module.fields) === JSON.stringify(original.fields),
  )
  if (same) return { module: same, isNew: false }
  const free = nextFree(id, (candidate) => !modules.some((module) => module.id === candidate))
  return { module: { ...original, id: free }, isNew: true }
}

function missing(id: string): never {
  throw new Error(`The gallery has no module “${id}”.`)
}

/** An id under which, and beneath which, the draft has nothing. */
function freeId(id: string, { audiences, goals, variants, experiences }: Configuration): string {
  const taken = [audiences, goals, variants, experiences].flat().map((thing) => thing.id)
  const isFree = (candidate: string) =>
    !taken.some((other) => other === candidate || other.startsWith(`${candidate}-`))
  return nextFree(id, isFree)
}

function nextFree(id: string, isFree: (candidate: string) => boolean): string {
  let candidate = id
  for (let n = 2; !isFree(candidate); n++) candidate = `${id}-${n}`
  return candidate
}

function thingsOf(
  { name, audience, goal, variants, window }: Recipe,
  answers: Answers,
  { id, module }: { readonly id: string; readonly module: string },
): NewThing[] {
  const wordings = variants(answers).map((variant, at) => ({ ...variant, id: `${id}-${at + 1}` }))
  const experience = {
    ...{ id, name, slot: answers.slot, audience: id, goal: `${id}-goal`, window },
    variants: wordings.map((variant) => ({ variant: variant.id })),
    allocation: { kind: 'bandit' },
  }
  return [
    ...wordings.map((variant) => ({
      kind: 'variants' as const,
      doc: VariantSchema.parse({ ...variant, module }),
    })),
    {
      kind: 'audiences',
      doc: AudienceSchema.parse({
        ...{ id, name: audience.name, condition: audience.condition(answers) },
      }),
    },
    { kind: 'goals', doc: GoalSchema.parse({ ...goal(answers), id: `${id}-goal` }) },
    { kind: 'experiences', doc: ExperienceSchema.parse(experience) },
  ]
}
