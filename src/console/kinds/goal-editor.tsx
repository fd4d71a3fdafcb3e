import type { JSX } from 'preact'
import type { Goal } from '../../model/goal.ts'
import { Fields } from '../form/fields.tsx'
import { JsonField } from '../form/json-field.tsx'
import type { FieldSpec } from '../form/spec.ts'
import type { KindEditorProps } from './editor-props.ts'

export const blankGoal: Goal = { kind: 'click', id: '', name: '' }

const KIND: FieldSpec = {
  kind: 'choice',
  name: 'kind',
  label: 'What counts',
  options: [
    { value: 'click', label: 'A click inside the variant' },
    { value: 'page', label: 'A page that is reached afterwards' },
    { value: 'event', label: 'An event that is tracked afterwards' },
  ],
}

const AFTER: FieldSpec = {
  kind: 'number',
  name: 'after',
  label: 'Counts from (hours after)',
  hint: 'For “came back after a day” write 24.',
  optional: true,
  min: 0,
  max: 2160,
}

const FIELDS: Readonly<Record<Goal['kind'], readonly FieldSpec[]>> = {
  click: [],
  page: [
    {
      kind: 'lines',
      name: 'pages',
      label: 'Pages',
      hint: 'One pattern a line: /thank-you, /orders/*',
    },
    AFTER,
  ],
  event: [
    {
      kind: 'text',
      name: 'event',
      label: 'Event',
      hint: 'As it is tracked: Order Completed',
      max: 128,
    },
    {
      kind: 'text',
      name: 'value',
      label: 'Property that holds the worth',
      hint: 'Such as revenue; needed where learning aims at value.',
      optional: true,
      max: 64,
    },
    AFTER,
  ],
}

export function GoalEditor({ doc, onChange }: KindEditorProps<'goals'>): JSX.Element {
  return (
    <section class="card form">
      <Fields fields={[KIND]} value={doc} onChange={({ kind }) => onChange(toKind(doc, kind))} />
      <Fields fields={FIELDS[doc.kind]} value={doc} onChange={onChange} />
      {doc.kind === 'event' && (
        <JsonField
          label="Only events whose properties meet"
          hint={'A condition such as {"category": "shoes"}; leave empty for all.'}
          pointer="/condition"
          value={doc.condition}
          optional
          onChange={(condition) => onChange({ ...doc, condition })}
        />
      )}
    </section>
  )
}

/** The goal as one of another kind: what both have stays. */
function toKind({ id, name }: Goal, kind: Goal['kind']): Goal {
  switch (kind) {
    case 'click':
      return { kind, id, name }
    case 'page':
      return { kind, id, name, pages: [] }
    case 'event':
      return { kind, id, name, event: '' }
  }
}
