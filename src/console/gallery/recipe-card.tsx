import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Configuration } from '../../model/configuration.ts'
import type { Role } from '../api.ts'
import type { Mistake } from '../call.ts'
import { refreshDraft } from '../editing/draft.ts'
import { toOptions } from '../form/choice-fields.tsx'
import { FormContext } from '../form/context.ts'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import { announce } from '../frame/announcer.tsx'
import { Confirm } from '../frame/confirm.tsx'
import { isKind, KIND_WORDS } from '../kinds.ts'
import { toHash } from '../route.ts'
import { mayEdit } from '../session.ts'
import { fillRecipe, type Made, type Recipe, type RecipeChoice } from './api.ts'

interface Props {
  readonly site: string
  readonly role: Role
  readonly draft: Configuration | null
  readonly recipe: Recipe
}

/** A recipe: what it makes, what it asks, and the way to what it has made. */
export function RecipeCard({ site, role, draft, recipe }: Props): JSX.Element {
  const { id, name, about, choices } = recipe
  const asking = useSignal(false)
  const made = useSignal<Made | null>(null)
  const [answers, setAnswers] = useState(() => toDefaults(choices))
  const [mistakes, setMistakes] = useState<readonly Mistake[]>([])
  const fill = async () => {
    const answer = await fillRecipe(site, id, answers)
    if (!answer.ok) {
      setMistakes(answer.error.reason === 'refused' ? (answer.error.mistakes ?? []) : [])
      return answer.error
    }
    made.value = answer.value
    announce(`${name}: drafts are made.`)
    await refreshDraft(site)
    return null
  }
  const surroundings = {
    site,
    draft,
    mistakes,
    locked: false,
    makeNew: () => Promise.resolve(null),
  }
  return (
    <>
      <h3>{name}</h3>
      <p>{about}</p>
      {made.value && <Things site={site} made={made.value} />}
      {mayEdit(role) && (
        <p class="card-foot">
          <button
            type="button"
            onClick={() => {
              asking.value = true
            }}
          >
            Use<span class="unseen"> {name}</span>…
          </button>
        </p>
      )}
      {asking.value && (
        <Confirm
          title={name}
          action="Fill in the drafts"
          onConfirm={fill}
          onClose={() => {
            asking.value = false
          }}
        >
          <FormContext.Provider value={surroundings}>
            <div class="form">
              <Fields
                fields={choices.map((choice) => toSpec(choice, draft))}
                value={answers}
                onChange={setAnswers}
              />
            </div>
          </FormContext.Provider>
        </Confirm>
      )}
    </>
  )
}

function Things({ site, made }: { readonly site: string; readonly made: Made }): JSX.Element {
  return (
    <ul class="made">
      {made.things.map(({ kind, id }) => (
        <li key={`${kind}/${id}`}>
          {isKind(kind) ? (
            <a href={toHash({ screen: 'thing', site, kind, id })}>
              {KIND_WORDS[kind].one} {id}
            </a>
          ) : (
            id
          )}
        </li>
      ))}
    </ul>
  )
}

function toDefaults(choices: readonly RecipeChoice[]): Readonly<Record<string, string>> {
  return Object.fromEntries(choices.map(({ name, default: value = '' }) => [name, value]))
}

function toSpec({ name, label, hint, kind }: RecipeChoice, draft: Configuration | null): FieldSpec {
  const common = { name, label, hint }
  if (kind === 'slot') return { ...common, kind: 'choice', options: toOptions(draft, 'slots') }
  return { ...common, kind: 'text', max: 200 }
}
