import type { Field, ScalarField } from '../model/module.ts'
import type { Problem } from '../model/problem.ts'
import { isSafeImage, isSafeUrl } from '../render/escape.ts'

type Fields = Readonly<Record<string, Field>>
type Content = Readonly<Record<string, unknown>>

/** Whether a value suits a field of each kind, and what to do when it does not. */
const SUITS: Readonly<
  Record<ScalarField['kind'], { test: (value: unknown) => boolean; advice: string }>
> = {
  text: { test: (value) => typeof value === 'string', advice: 'Write a text.' },
  number: {
    test: (value) => typeof value === 'number' && Number.isFinite(value),
    advice: 'Write a number.',
  },
  flag: { test: (value) => typeof value === 'boolean', advice: 'Write true or false.' },
  url: {
    test: (value) => typeof value === 'string' && isSafeUrl(value),
    advice: 'Write a link: https, http, mailto, tel, or relative to the site.',
  },
  image: {
    test: (value) => typeof value === 'string' && isSafeImage(value),
    advice: 'Write a picture’s address: https, or relative to the site.',
  },
}

/** Every mistake of a variant's content against its module's fields. */
export function checkContent(fields: Fields, content: Content, pointer: string): Problem[] {
  return [
    ...Object.keys(content)
      .filter((name) => !Object.hasOwn(fields, name))
      .map((name) => ({
        code: 'unknown_field' as const,
        pointer: `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        detail: `The module has no field “${name}”.`,
      })),
    ...Object.entries(fields).flatMap(([name, field]) =>
      checkField(
        field,
        Object.hasOwn(content, name) ? content[name] : undefined,
        `${pointer}/${name}`,
      ),
    ),
  ]
}

function checkField(field: Field, value: unknown, pointer: string): Problem[] {
  if (value === undefined || value === '') {
    return field.required
      ? [{ code: 'missing_field', pointer, detail: 'This field must be filled in.' }]
      : []
  }
  if (field.kind === 'list') return checkList(field, value, pointer)
  const { test, advice } = SUITS[field.kind]
  if (!test(value)) return [{ code: 'invalid_field', pointer, detail: advice }]
  const tooLong = field.kind === 'text' && typeof value === 'string' && value.length > field.max
  return tooLong
    ? [{ code: 'invalid_field', pointer, detail: `At most ${field.max} characters fit here.` }]
    : []
}

function checkList(
  field: Extract<Field, { kind: 'list' }>,
  value: unknown,
  pointer: string,
): Problem[] {
  if (!Array.isArray(value) || value.length > field.max) {
    return [{ code: 'invalid_field', pointer, detail: `Write a list of at most ${field.max}.` }]
  }
  return value.flatMap((item: unknown, place) =>
    isContent(item)
      ? checkContent(field.fields, item, `${pointer}/${place}`)
      : [{ code: 'invalid_field', pointer: `${pointer}/${place}`, detail: 'Fill in the fields.' }],
  )
}

function isContent(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
