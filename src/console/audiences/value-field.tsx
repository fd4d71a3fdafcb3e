import type { JSX } from 'preact'
import { useForm } from '../form/context.ts'
import type { PathType, Subject } from './paths.ts'
import type { Test } from './rule.ts'

interface Props {
  readonly test: Test
  readonly subject: Subject
  readonly type: PathType
  readonly onChange: (test: Test) => void
}

/** What a test compares with. */
export function ValueField({ test, subject, type, onChange }: Props): JSX.Element {
  const { locked } = useForm()
  const { value, operator } = test
  const label = 'Value'
  if (type === 'flag' || operator === '$exists') {
    return (
      <select
        aria-label={label}
        disabled={locked}
        value={String(value)}
        onChange={({ currentTarget }) =>
          onChange({ ...test, value: currentTarget.value === 'true' })
        }
      >
        <option value="true">yes</option>
        <option value="false">no</option>
      </select>
    )
  }
  if (type === 'number') {
    return (
      <input
        type="number"
        step="any"
        aria-label={label}
        disabled={locked}
        title={subject.hint}
        value={typeof value === 'number' ? value : ''}
        onInput={({ currentTarget: { valueAsNumber } }) =>
          onChange({ ...test, value: Number.isNaN(valueAsNumber) ? '' : valueAsNumber })
        }
      />
    )
  }
  if (Array.isArray(value)) {
    return (
      <input
        type="text"
        aria-label={`${label}s, with commas between them`}
        placeholder={subject.options?.map((option) => option.value).join(', ') ?? 'one, another'}
        disabled={locked}
        title={subject.hint}
        defaultValue={value.join(', ')}
        onInput={({ currentTarget }) =>
          onChange({
            ...test,
            value: currentTarget.value.split(',').flatMap((item) => item.trim() || []),
          })
        }
      />
    )
  }
  if (subject.options) {
    return (
      <select
        aria-label={label}
        disabled={locked}
        value={String(value)}
        onChange={({ currentTarget }) => onChange({ ...test, value: currentTarget.value })}
      >
        <option value="">Choose…</option>
        {subject.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    )
  }
  return (
    <input
      type="text"
      aria-label={label}
      placeholder={subject.hint ?? 'value'}
      disabled={locked}
      value={String(value)}
      onInput={({ currentTarget }) => onChange({ ...test, value: currentTarget.value })}
    />
  )
}
