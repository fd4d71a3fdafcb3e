import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Condition } from '../../model/audience.ts'
import { sentenceOf } from '../../model/condition-sentence.ts'
import { mistakesAt, useForm } from '../form/context.ts'
import { JsonField } from '../form/json-field.tsx'
import { GroupEditor } from './group-editor.tsx'
import { toParts } from './paths.ts'
import { type Group, toCondition, toRule } from './rule.ts'

interface Props {
  readonly condition: Condition
  readonly onChange: (condition: Condition) => void
}

/** A condition without code, read back in plain words; as JSON where it says more than that. */
export function ConditionEditor({ condition, onChange }: Props): JSX.Element {
  const { mistakes } = useForm()
  const [rule, setRule] = useState(() => toShownRule(condition))
  const [asJson, setAsJson] = useState(rule === null)
  const change = (next: Group) => {
    setRule(next)
    onChange(toCondition(next))
  }
  const toggle = () => {
    if (asJson) setRule(toShownRule(condition))
    setAsJson(!asJson)
  }
  const buildable = !asJson || toShownRule(condition) !== null
  return (
    <section class="card form" aria-label="The rule">
      <div class="card-head">
        <h2>Who it is</h2>
        {buildable ? (
          <button type="button" class="push" onClick={toggle}>
            {asJson ? 'Edit without code' : 'Edit as JSON'}
          </button>
        ) : (
          <span class="hint push">Says more than the builder can show</span>
        )}
      </div>
      <p class="lede sentence" role="status">
        {sentenceOf(condition)}
      </p>
      {asJson || rule === null ? (
        <JsonField
          label="Condition as JSON"
          pointer="/condition"
          value={condition}
          onChange={(next) => next && onChange(next)}
        />
      ) : (
        <>
          <GroupEditor group={rule} onChange={change} />
          {mistakesAt(mistakes, '/condition').map(({ pointer, detail }) => (
            <p key={pointer} class="mistake">
              {detail}
            </p>
          ))}
        </>
      )}
    </section>
  )
}

/** The condition for the builder, where it has a place for all of it. */
function toShownRule(condition: Condition): Group | null {
  const rule = toRule(condition)
  return rule !== null && isShown(rule) ? rule : null
}

function isShown(group: Group): boolean {
  return group.rules.every((rule) =>
    rule.kind === 'group' ? isShown(rule) : toParts(rule.path) !== null,
  )
}
