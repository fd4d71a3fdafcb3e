import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import { useForm } from '../form/context.ts'
import { eventNamesOf } from './event-names.ts'
import {
  firstMeasure,
  namesFor,
  OPERATORS_OF,
  type PathParts,
  SUBJECTS,
  type Subject,
  toParts,
  toPath,
  typeOf,
} from './paths.ts'
import { OPERATORS, type Test } from './rule.ts'
import { ValueField } from './value-field.tsx'

interface Props {
  readonly test: Test
  readonly onChange: (test: Test) => void
  readonly onRemove: () => void
}

/** One test: what, how, with what. */
export function TestRow({ test, onChange, onRemove }: Props): JSX.Element {
  const { draft, locked } = useForm()
  const parts = toParts(test.path) ?? draftParts(test.path)
  const type = parts ? typeOf(parts, draft) : 'text'
  const operators = OPERATORS_OF[type]
  const events = eventNamesOf(draft)
  const change = (next: PathParts) => onChange(forType(test, next, typeOf(next, draft)))
  return (
    <li class="test-row">
      <select
        aria-label="What is tested"
        disabled={locked}
        value={parts?.subject.key ?? ''}
        onChange={({ currentTarget }) => {
          const subject = SUBJECTS.find(({ key }) => key === currentTarget.value)
          if (subject) change({ subject, name: '', measure: firstMeasure(subject) })
        }}
      >
        <option value="">Choose what to look at…</option>
        {Object.entries(Object.groupBy(SUBJECTS, ({ group }) => group)).map(([group, subjects]) => (
          <optgroup key={group} label={group}>
            {subjects?.map(({ key, label }) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {parts?.subject.named && (
        <NameField
          parts={parts}
          names={namesFor(parts.subject.named, draft, events)}
          disabled={locked}
          onChange={change}
        />
      )}
      {parts?.subject.measures && (
        <select
          aria-label="What of it"
          disabled={locked}
          value={parts.measure}
          onChange={({ currentTarget }) => change({ ...parts, measure: currentTarget.value })}
        >
          {Object.entries(parts.subject.measures).map(([measure, label]) => (
            <option key={measure} value={measure}>
              {label}
            </option>
          ))}
        </select>
      )}
      {parts && (
        <select
          aria-label="How it is compared"
          disabled={locked}
          value={test.operator}
          onChange={({ currentTarget }) => {
            const operator = OPERATORS.find((known) => known === currentTarget.value)
            if (operator) onChange({ ...test, operator, value: firstValue(operator, type) })
          }}
        >
          {operators.map(([operator, words]) => (
            <option key={operator} value={operator}>
              {words}
            </option>
          ))}
        </select>
      )}
      {parts && <ValueField test={test} subject={parts.subject} type={type} onChange={onChange} />}
      {!locked && (
        <button type="button" class="quiet" aria-label="Remove this test" onClick={onRemove}>
          ×
        </button>
      )}
    </li>
  )
}

interface NameProps {
  readonly parts: PathParts
  readonly names: readonly { readonly value: string; readonly label: string }[]
  readonly disabled: boolean
  readonly onChange: (parts: PathParts) => void
}

/** The name inside a path: one that is known, or one that will be. */
function NameField({ parts, names, disabled, onChange }: NameProps): JSX.Element {
  const list = useId()
  return (
    <>
      <input
        type="text"
        aria-label="Its name"
        placeholder="name"
        list={list}
        disabled={disabled}
        autocomplete="off"
        spellcheck={false}
        value={parts.name}
        onInput={({ currentTarget }) =>
          onChange({ ...parts, name: currentTarget.value.replace(/[^\w-]+/g, '_') })
        }
      />
      <datalist id={list}>
        {names.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </datalist>
    </>
  )
}

/** A subject whose name is still missing has no path yet, but its place in the row. */
const UNNAMED = '~'

function draftParts(path: string): PathParts | null {
  if (!path.startsWith(UNNAMED)) return null
  const subject = SUBJECTS.find(({ key }) => key === path.slice(1))
  return subject ? { subject, name: '', measure: firstMeasure(subject) } : null
}

function forType(test: Test, parts: PathParts, type: ReturnType<typeof typeOf>): Test {
  const path = toPath(parts) || UNNAMED + parts.subject.key
  const before = toParts(test.path) ?? draftParts(test.path)
  if (before && isSameSubject(before.subject, parts.subject) && fits(test, type))
    return { ...test, path }
  const operator = OPERATORS_OF[type][0]?.[0] ?? '$eq'
  return { ...test, path, operator, value: firstValue(operator, type) }
}

const isSameSubject = (one: Subject, other: Subject) => one.key === other.key

const fits = ({ operator }: Test, type: ReturnType<typeof typeOf>) =>
  OPERATORS_OF[type].some(([known]) => known === operator)

function firstValue(operator: Test['operator'], type: ReturnType<typeof typeOf>): Test['value'] {
  if (operator === '$exists') return true
  if (operator === '$in' || operator === '$nin' || operator === '$all') return []
  if (type === 'flag') return true
  return type === 'number' ? 1 : ''
}
