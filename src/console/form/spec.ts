import type { Kind } from '../../model/configuration.ts'

/** What all fields have. */
interface Common<Name extends string> {
  readonly name: Name
  readonly label: string
  readonly hint?: string
  /** Whether it may be left empty. */
  readonly optional?: boolean
}

export interface Option {
  readonly value: string
  readonly label: string
}

/** How one member of a document is edited: a table of these makes a form. */
export type FieldSpec<Name extends string = string> = Common<Name> &
  (
    | {
        readonly kind: 'text'
        readonly max?: number
        readonly lines?: number
        readonly code?: boolean
      }
    | {
        readonly kind: 'number'
        readonly min?: number
        readonly max?: number
        readonly whole?: boolean
      }
    | { readonly kind: 'flag' }
    | { readonly kind: 'choice'; readonly options: readonly Option[] }
    /** A day and time, kept as ISO 8601 with offset. */
    | { readonly kind: 'moment' }
    | { readonly kind: 'url' }
    | { readonly kind: 'image' }
    /** Texts, one a line. */
    | { readonly kind: 'lines' }
    /** The id of another thing. */
    | { readonly kind: 'reference'; readonly of: Kind }
    /** Several of the same form. */
    | {
        readonly kind: 'list'
        readonly one: string
        readonly fields: readonly FieldSpec[]
        readonly blank: Readonly<Record<string, unknown>>
        readonly max?: number
      }
    /** Members of an object of its own. */
    | { readonly kind: 'group'; readonly fields: readonly FieldSpec[] }
  )

/** What a field of any kind is given. */
export interface FieldProps<S extends FieldSpec = FieldSpec> {
  readonly spec: S
  readonly value: unknown
  /** JSON pointer of the field in the whole document. */
  readonly pointer: string
  readonly onChange: (value: unknown) => void
}

/** What stands at a name of a document. */
export function memberOf(doc: object, name: string): unknown {
  return Object.hasOwn(doc, name) ? Reflect.get(doc, name) : undefined
}

/** A document with something else at a name; `undefined` is not there once it is sent. */
export function withValue<Doc extends object>(doc: Doc, name: string, value: unknown): Doc {
  return { ...doc, [name]: value }
}

/** A list with an item at another place. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  if (to < 0 || to >= list.length || from === to) return list
  return list.toSpliced(from, 1).toSpliced(to, 0, ...list.slice(from, from + 1))
}

/** A name as an id: `Summer sale!` → `summer-sale`. */
export function toId(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
    .replace(/-+$/, '')
}

/** `2026-11-26T09:30` of the reader's own clock, from ISO 8601 with any offset; `''` for nothing. */
export function toLocalMoment(iso: unknown): string {
  const date = typeof iso === 'string' ? new Date(iso) : null
  if (!date || Number.isNaN(date.getTime())) return ''
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** ISO 8601 in UTC, from what a date and time field holds. */
export function fromLocalMoment(local: string): string | undefined {
  const date = new Date(local)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
