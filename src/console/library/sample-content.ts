import type { Field } from '../../model/module.ts'

type Fields = Readonly<Record<string, Field>>

/** Content that shows what a module's fields are, for looking at it before there is a variant. */
export function sampleContent(fields: Fields): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, sampleOf(name, field)]),
  )
}

/** Content to begin a variant with: flags and lists have a value, the rest is still to be written. */
export function blankContent(fields: Fields): Readonly<Record<string, unknown>> {
  const begun = Object.entries(fields).map(([name, field]) => [name, BEGUN[field.kind]] as const)
  return Object.fromEntries(begun.filter(([, value]) => value !== undefined))
}

const BEGUN: Partial<Readonly<Record<Field['kind'], false | readonly []>>> = {
  flag: false,
  list: [],
}

function sampleOf(name: string, field: Field): unknown {
  switch (field.kind) {
    case 'text':
      return (field.label === '' ? name : field.label).slice(0, field.max)
    case 'number':
      return 42
    case 'flag':
      return true
    case 'url':
      return '#'
    case 'image':
      return PICTURE
    case 'list':
      return [1, 2].slice(0, field.max).map(() => sampleContent(field.fields))
  }
}

/** A quiet rectangle: the console's pages load no pictures of others by themselves. */
const PICTURE =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 320 180%22%3E%3Crect width=%22320%22 height=%22180%22 fill=%22%23c9cedb%22/%3E%3C/svg%3E'
