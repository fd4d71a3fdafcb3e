import type { Field, Module, ScalarField } from '../../model/module.ts'

/** One field of a module as a row of a list, with its name in it. */
export interface FieldRow {
  readonly name: string
  readonly kind: Field['kind']
  readonly label: string
  readonly required: boolean
  readonly max?: number
  /** Of a list: the fields of each of its items. */
  readonly rows?: readonly FieldRow[]
}

type Fields = Module['fields']

/** Texts of this many characters and lists of this many items, where nothing else is said. */
const MOST = { text: 500, list: 20 }

export function toRows(fields: Fields): readonly FieldRow[] {
  return Object.entries(fields).map(([name, field]) => {
    const { kind, label, required } = field
    const max = 'max' in field ? { max: field.max } : {}
    const rows = field.kind === 'list' ? { rows: toRows(field.fields) } : {}
    return { name, kind, label, required, ...max, ...rows }
  })
}

/** Rows as fields again; a row has to have a name, and one of its own. */
export function fromRows(rows: readonly FieldRow[]): Fields {
  return Object.fromEntries(named(rows).map((row) => [row.name, toField(row)]))
}

function named(rows: readonly FieldRow[]): readonly FieldRow[] {
  return rows.filter(
    ({ name }, place) => name !== '' && rows.findIndex((row) => row.name === name) === place,
  )
}

function toField(row: FieldRow): Field {
  const { kind, label, required, max } = row
  if (kind !== 'list') return toScalar(row)
  const parts = named(row.rows ?? []).map((part) => [part.name, toScalar(part)] as const)
  return { kind, label, required, max: max ?? MOST.list, fields: Object.fromEntries(parts) }
}

function toScalar({ kind, label, required, max }: FieldRow): ScalarField {
  switch (kind) {
    case 'text':
    case 'list':
      return { kind: 'text', label, required, max: max ?? MOST.text }
    default:
      return { kind, label, required }
  }
}
