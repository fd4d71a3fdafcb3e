import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Field, Module } from '../../model/module.ts'
import { mistakesAt, useForm } from '../form/context.ts'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import { type FieldRow, fromRows, toRows } from './field-rows.ts'

interface Props {
  readonly fields: Module['fields']
  readonly onChange: (fields: Module['fields']) => void
}

const KINDS: readonly (readonly [Field['kind'], string])[] = [
  ['text', 'Text'],
  ['number', 'Number'],
  ['flag', 'Yes or no'],
  ['url', 'Link'],
  ['image', 'Picture'],
  ['list', 'List'],
]

const kindField = (kinds: typeof KINDS): FieldSpec => ({
  kind: 'choice',
  name: 'kind',
  label: 'Kind',
  options: kinds.map(([value, label]) => ({ value, label })),
})

const NAME: FieldSpec = {
  kind: 'text',
  name: 'name',
  label: 'Field name',
  max: 64,
  code: true,
}
const LABEL: FieldSpec = { kind: 'text', name: 'label', label: 'Label', max: 120 }
const REQUIRED: FieldSpec = { kind: 'flag', name: 'required', label: 'Required' }

const PARTS: FieldSpec = {
  ...{ kind: 'list', name: 'rows', label: 'Fields of each item', one: 'Part' },
  fields: [NAME, kindField(KINDS.filter(([kind]) => kind !== 'list')), LABEL, REQUIRED],
  blank: { name: '', kind: 'text', label: '', required: true },
}

const ROWS: FieldSpec = {
  ...{ kind: 'list', name: 'rows', label: 'Fields', one: 'Field' },
  hint: 'What is filled in for each variant.',
  fields: [NAME, kindField(KINDS), LABEL, REQUIRED],
  blank: { name: '', kind: 'text', label: '', required: true },
}

/** The fields of a module: a list, as their order is that of the form they make. */
export function ModuleFields({ fields, onChange }: Props): JSX.Element {
  const { mistakes } = useForm()
  const [rows, setRows] = useState(() => toRows(fields))
  const change = (next: readonly FieldRow[]) => {
    setRows(next)
    onChange(fromRows(next))
  }
  return (
    <>
      <Fields
        fields={[ROWS]}
        value={{ rows }}
        pointer="/fields"
        onChange={(next) => change(next.rows)}
      />
      {rows.map(
        (row, place) =>
          row.kind === 'list' && (
            <fieldset class="group" key={row.name}>
              <legend>{row.label || row.name || 'The list'}</legend>
              <Fields
                fields={[PARTS]}
                value={{ rows: row.rows ?? [] }}
                onChange={(next) => change(rows.with(place, { ...row, rows: next.rows }))}
              />
            </fieldset>
          ),
      )}
      {mistakesAt(mistakes, '/fields').map(({ pointer, detail }) => (
        <p key={pointer} class="mistake">
          {pointer.replace('/fields/', '')}: {detail}
        </p>
      ))}
    </>
  )
}
