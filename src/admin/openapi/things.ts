import type * as z from 'zod'
import { RESOURCES } from '../kinds.ts'
import { pageOf, thingOf } from './answers.ts'
import { empty, json, type Operation } from './operation.ts'

/** What may be asked of things of every kind, the same way. */
export const THING_OPERATIONS: readonly Operation[] = Object.entries(RESOURCES).flatMap(
  ([kind, { schema }]) => operationsOf(kind, schema),
)

function operationsOf(kind: string, schema: z.ZodType): readonly Operation[] {
  const many = kind[0]?.toUpperCase() + kind.slice(1)
  const one = many.replace(/ies$/, 'y').replace(/s$/, '')
  const word = one.toLowerCase()
  const thing = json(`${one}Thing`, thingOf(schema))
  const body = { name: one, schema }
  const [list, path] = [`/sites/{site}/${kind}`, `/sites/{site}/${kind}/{id}`]
  return [
    {
      ...{ id: `list${many}`, method: 'get', path: list, tag: many, role: 'marketer' },
      summary: `The site’s ${kind}, in their order.`,
      query: [
        { name: 'q', about: 'Part of an id or name.' },
        { name: 'limit', about: 'How many, 1 to 200; 50 unless given.', type: 'integer' },
        { name: 'cursor', about: 'Where to go on: `next` of the answer before.' },
      ],
      answers: { 200: json(`${one}Page`, pageOf(thingOf(schema))) },
      problems: ['invalid', 'not_found'],
    },
    {
      ...{ id: `create${one}`, method: 'post', path: list, tag: many, role: 'editor', body },
      summary: `Adds one of the ${kind} to the draft.`,
      answers: { 201: thing },
      problems: ['invalid', 'not_found', 'exists'],
    },
    {
      ...{ id: `read${one}`, method: 'get', path, tag: many, role: 'marketer' },
      summary: `One of the ${kind}; its ETag is its version.`,
      answers: { 200: thing },
      problems: ['not_found'],
    },
    {
      ...{ id: `save${one}`, method: 'put', path, tag: many, role: 'editor', body },
      summary: `Writes one of the ${kind}, where the ${word} is as it was read.`,
      condition: 'must',
      answers: { 200: thing, 201: thing },
      problems: ['invalid', 'not_found', 'precondition_failed', 'precondition_required'],
    },
    {
      ...{ id: `delete${one}`, method: 'delete', path, tag: many, role: 'editor' },
      summary: `Deletes one of the ${kind} that nothing else needs.`,
      condition: 'must',
      answers: { 204: empty },
      problems: ['not_found', 'in_use', 'precondition_failed', 'precondition_required'],
    },
  ]
}
