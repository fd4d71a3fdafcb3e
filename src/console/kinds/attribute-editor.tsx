import type { JSX } from 'preact'
import type { Attribute } from '../../model/attribute.ts'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import type { KindEditorProps } from './editor-props.ts'

export const blankAttribute: Attribute = { id: '', name: '', type: 'text' }

const FIELDS: readonly FieldSpec<keyof Attribute>[] = [
  {
    kind: 'choice',
    name: 'type',
    label: 'Type',
    options: [
      { value: 'text', label: 'Text' },
      { value: 'number', label: 'Number' },
      { value: 'flag', label: 'Yes or no' },
      { value: 'date', label: 'Day' },
      { value: 'list', label: 'List of texts' },
    ],
  },
  {
    kind: 'number',
    name: 'maxAge',
    label: 'Believed for (days)',
    hint: 'What was not confirmed again by then counts as not known. Leave empty for ever.',
    optional: true,
    min: 0,
    max: 3650,
  },
]

export function AttributeEditor(props: KindEditorProps<'attributes'>): JSX.Element {
  return (
    <section class="card form">
      <Fields fields={FIELDS} value={props.doc} onChange={props.onChange} />
    </section>
  )
}
