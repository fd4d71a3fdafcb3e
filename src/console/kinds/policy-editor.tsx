import type { JSX } from 'preact'
import type { Policy } from '../../model/policy.ts'
import { ConditionEditor } from '../audiences/condition-editor.tsx'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec, Option } from '../form/spec.ts'
import type { KindEditorProps } from './editor-props.ts'

export const blankPolicy: Policy = {
  kind: 'self-exclusion',
  id: '',
  name: '',
  attribute: 'selfExcluded',
  anonymous: 'suppress',
}

/** What each kind of policy is about. */
const KINDS: Readonly<Record<Policy['kind'], string>> = {
  'opt-in': 'Only to who opted in',
  'self-exclusion': 'Never to who excluded themselves',
  'under-age': 'Never to who is under age',
  'open-case': 'Not while there is an open case',
  'cooling-off': 'Not for some days after a day',
  'quiet-after': 'Not for some hours after an event',
  addressed: 'Not soon after another campaign',
  rule: 'Never to who meets a condition',
}

const KIND: FieldSpec = {
  kind: 'choice',
  name: 'kind',
  label: 'What it keeps back',
  options: Object.entries(KINDS).map(([value, label]): Option => ({ value, label })),
}

const attribute = (hint: string, optional = false): FieldSpec => ({
  kind: 'reference',
  of: 'attributes',
  name: 'attribute',
  label: 'Attribute',
  hint,
  optional,
})

const hours: FieldSpec = { kind: 'number', name: 'hours', label: 'Hours', min: 0, max: 8760 }

const FIELDS: Readonly<Record<Policy['kind'], readonly FieldSpec[]>> = {
  'opt-in': [
    attribute('The list that holds what people opted in to, as product:channel.'),
    { kind: 'text', name: 'channel', label: 'Channel', hint: 'web, for pages', code: true },
  ],
  'self-exclusion': [attribute('A yes or no, or the day until which it holds.')],
  'under-age': [
    attribute('The birth date.'),
    { kind: 'number', name: 'age', label: 'Age in full years', min: 1, max: 120, whole: true },
  ],
  'open-case': [attribute('A yes or no, a number or a list of open cases.')],
  'cooling-off': [
    attribute('The day from which it counts.'),
    { kind: 'number', name: 'days', label: 'Days', min: 1, max: 3650, whole: true },
  ],
  'quiet-after': [{ kind: 'text', name: 'event', label: 'Event', max: 128 }, hours],
  addressed: [hours, attribute('The day on which another system addressed them last.', true)],
  rule: [],
}

const COMMON: readonly FieldSpec[] = [
  {
    kind: 'lines',
    name: 'products',
    label: 'Products it governs',
    hint: 'One a line: casino, credit. Leave empty for all variants.',
    optional: true,
  },
  {
    kind: 'choice',
    name: 'anonymous',
    label: 'Visitors whom nobody knows',
    options: [
      { value: 'suppress', label: 'are shown nothing it governs' },
      { value: 'allow', label: 'may be shown what it governs' },
    ],
  },
]

export function PolicyEditor({ doc, onChange }: KindEditorProps<'policies'>): JSX.Element {
  return (
    <>
      <section class="card form">
        <Fields fields={[KIND]} value={doc} onChange={({ kind }) => onChange(toKind(doc, kind))} />
        <Fields fields={FIELDS[doc.kind]} value={doc} onChange={onChange} />
        <Fields fields={COMMON} value={doc} onChange={onChange} />
      </section>
      {doc.kind === 'rule' && (
        <ConditionEditor
          condition={doc.condition}
          onChange={(condition) => onChange({ ...doc, condition })}
        />
      )}
    </>
  )
}

/** The policy as one of another kind: what all have stays, an attribute too. */
function toKind(policy: Policy, kind: Policy['kind']): Policy {
  const { id, name, products, anonymous } = policy
  const attribute = 'attribute' in policy ? (policy.attribute ?? '') : ''
  const common = { id, name, products, anonymous }
  switch (kind) {
    case 'opt-in':
      return { ...common, kind, attribute, channel: 'web', products: products ?? [] }
    case 'self-exclusion':
    case 'open-case':
      return { ...common, kind, attribute }
    case 'under-age':
      return { ...common, kind, attribute, age: 18 }
    case 'cooling-off':
      return { ...common, kind, attribute, days: 7 }
    case 'quiet-after':
      return { ...common, kind, event: '', hours: 24 }
    case 'addressed':
      return { ...common, kind, hours: 24 }
    case 'rule':
      return { ...common, kind, condition: {} }
  }
}
