import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { useForm } from '../form/context.ts'
import { announce } from '../frame/announcer.tsx'
import { type Group, MODES, type Mode, type Rule } from './rule.ts'
import { TestRow } from './test-row.tsx'

interface Props {
  readonly group: Group
  /** Whether it stands inside another, and so can be removed. */
  readonly onRemove?: () => void
  readonly onChange: (group: Group) => void
}

const WORDS: Readonly<Record<Mode, string>> = {
  all: 'All of these hold',
  any: 'At least one of these holds',
  none: 'None of these holds',
}

/** A group of tests and of further groups. */
export function GroupEditor({ group, onChange, onRemove }: Props): JSX.Element {
  const { locked } = useForm()
  const list = useRef<HTMLUListElement>(null)
  const change = (rules: readonly Rule[]) => onChange({ ...group, rules })
  const add = (rule: Rule, said: string) => {
    change([...group.rules, rule])
    announce(said)
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(':scope > li:last-child select')?.focus(),
    )
  }
  const remove = (place: number) => {
    change(group.rules.toSpliced(place, 1))
    announce('Removed.')
  }
  return (
    <fieldset class="rule-group">
      <legend class="unseen">{WORDS[group.mode]}</legend>
      <div class="rule-head">
        <select
          aria-label="How these belong together"
          disabled={locked}
          value={group.mode}
          onChange={({ currentTarget }) => {
            const mode = MODES.find((known) => known === currentTarget.value)
            if (mode) onChange({ ...group, mode })
          }}
        >
          {MODES.map((mode) => (
            <option key={mode} value={mode}>
              {WORDS[mode]}
            </option>
          ))}
        </select>
        {onRemove && !locked && (
          <button type="button" class="quiet" aria-label="Remove this group" onClick={onRemove}>
            ×
          </button>
        )}
      </div>
      <ul ref={list} class="rules">
        {group.rules.map((rule, place) =>
          rule.kind === 'test' ? (
            <TestRow
              key={place}
              test={rule}
              onChange={(next) => change(group.rules.with(place, next))}
              onRemove={() => remove(place)}
            />
          ) : (
            <li key={place}>
              <GroupEditor
                group={rule}
                onChange={(next) => change(group.rules.with(place, next))}
                onRemove={() => remove(place)}
              />
            </li>
          ),
        )}
      </ul>
      {!locked && (
        <div class="rule-tools">
          <button type="button" onClick={() => add(EMPTY_TEST, 'Test added.')}>
            Add test
          </button>
          <button type="button" onClick={() => add(EMPTY_GROUP, 'Group added.')}>
            Add group
          </button>
        </div>
      )}
    </fieldset>
  )
}

const EMPTY_TEST: Rule = { kind: 'test', path: '', operator: '$eq', value: '' }

const EMPTY_GROUP: Rule = { kind: 'group', mode: 'any', rules: [EMPTY_TEST] }
