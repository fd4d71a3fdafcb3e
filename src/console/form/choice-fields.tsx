import type { JSX } from 'preact'
import type { Configuration, Kind } from '../../model/configuration.ts'
import { KIND_WORDS } from '../kinds.ts'
import { toHash } from '../route.ts'
import { useForm } from './context.ts'
import { Labelled } from './labelled.tsx'
import type { FieldProps, FieldSpec, Option } from './spec.ts'

type Of<K extends FieldSpec['kind']> = FieldProps<Extract<FieldSpec, { kind: K }>>

export function ChoiceField({ spec, value, pointer, onChange }: Of<'choice'>): JSX.Element {
  const { label, hint, optional, options } = spec
  return (
    <Labelled label={label} hint={hint} optional={optional} pointer={pointer}>
      {(control) => (
        <select
          {...control}
          value={typeof value === 'string' ? value : ''}
          onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)}
        >
          {(optional || !options.some((option) => option.value === value)) && (
            <option value="">{optional ? 'None' : 'Choose…'}</option>
          )}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  )
}

/** Chooses another thing, leads to it, and makes a new one where none fits. */
export function ReferenceField({ spec, value, pointer, onChange }: Of<'reference'>): JSX.Element {
  const { label, hint, optional, of: kind } = spec
  const { site, draft, locked, makeNew } = useForm()
  const options = toOptions(draft, kind)
  const id = typeof value === 'string' ? value : ''
  const unknown = id !== '' && draft !== null && !options.some((option) => option.value === id)
  const { one } = KIND_WORDS[kind]
  const make = async () => {
    const made = await makeNew(kind)
    if (made !== null) onChange(made)
  }
  return (
    <Labelled label={label} hint={hint} optional={optional} pointer={pointer}>
      {(control) => (
        <div class="choose">
          <select
            {...control}
            value={id}
            onChange={({ currentTarget }) => onChange(currentTarget.value || undefined)}
          >
            {(optional || id === '') && (
              <option value="">{optional ? NOBODY_IN_PARTICULAR[kind] : `Choose a ${one}…`}</option>
            )}
            {(unknown || draft === null) && id !== '' && (
              <option value={id}>{unknown ? `${id} (there is none)` : id}</option>
            )}
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          {id !== '' && !unknown && (
            <a class="button" href={toHash({ screen: 'thing', site, kind, id })}>
              Open<span class="unseen"> this {one}</span>
            </a>
          )}
          {!locked && (
            <button type="button" onClick={() => void make()}>
              New {one}…
            </button>
          )}
        </div>
      )}
    </Labelled>
  )
}

/** What leaving a reference open means. */
const NOBODY_IN_PARTICULAR: Partial<Readonly<Record<Kind, string>>> = {
  audiences: 'Everybody',
  goals: 'No goal',
}

/** Things of a kind to choose from, by name. */
export function toOptions(draft: Configuration | null, kind: Kind): readonly Option[] {
  return (draft?.[kind] ?? [])
    .map(({ id, name }) => ({ value: id, label: name === '' ? id : name }))
    .sort((one, other) => one.label.localeCompare(other.label))
}
