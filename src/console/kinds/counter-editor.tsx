import type { JSX } from 'preact'
import type { BehaviourCounter } from '../../model/counter.ts'
import { Fields } from '../form/fields.tsx'
import { JsonField } from '../form/json-field.tsx'
import type { FieldSpec } from '../form/spec.ts'
import type { KindEditorProps } from './editor-props.ts'

export const blankCounter: BehaviourCounter = { id: '', name: '', event: '' }

const FIELDS: readonly FieldSpec<keyof BehaviourCounter>[] = [
  {
    kind: 'text',
    name: 'event',
    label: 'Event',
    hint: 'As it is tracked: Order Completed',
    max: 128,
  },
  {
    kind: 'text',
    name: 'sum',
    label: 'Property to add up',
    hint: 'A number that the event carries, such as stake.',
    optional: true,
    max: 64,
  },
]

export function CounterEditor({ doc, onChange }: KindEditorProps<'counters'>): JSX.Element {
  return (
    <section class="card form">
      <Fields fields={FIELDS} value={doc} onChange={onChange} />
      <JsonField
        label="Only events whose properties meet"
        hint={'A condition such as {"stake": {"$gte": 100}}; leave empty for all.'}
        pointer="/condition"
        value={doc.condition}
        optional
        onChange={(condition) => onChange({ ...doc, condition })}
      />
    </section>
  )
}
