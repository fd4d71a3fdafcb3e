import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Condition } from '../../model/audience.ts'
import { Labelled } from './labelled.tsx'

interface Props {
  readonly label: string
  readonly hint?: string
  readonly pointer: string
  readonly value: Condition | undefined
  readonly optional?: boolean
  readonly onChange: (value: Condition | undefined) => void
}

/** A condition as JSON, for what no other control can say. What cannot be read is not taken over. */
export function JsonField({ label, hint, pointer, value, optional, onChange }: Props): JSX.Element {
  const [text, setText] = useState(() => (value ? JSON.stringify(value, null, 2) : ''))
  const [mistake, setMistake] = useState('')
  const write = (next: string) => {
    setText(next)
    const read = readCondition(next)
    setMistake(typeof read === 'string' && (next.trim() !== '' || !optional) ? read : '')
    if (next.trim() === '' && optional) onChange(undefined)
    else if (typeof read !== 'string') onChange(read)
  }
  return (
    <Labelled label={label} hint={hint} optional={optional} pointer={pointer}>
      {(control) => (
        <>
          <textarea
            {...control}
            class="code"
            rows={Math.min(24, Math.max(4, text.split('\n').length))}
            spellcheck={false}
            value={text}
            aria-invalid={control['aria-invalid'] || mistake !== ''}
            onInput={({ currentTarget }) => write(currentTarget.value)}
          />
          <p class="mistake" role="status">
            {mistake}
          </p>
        </>
      )}
    </Labelled>
  )
}

/** The condition that a text holds, or what is wrong with it. */
export function readCondition(text: string): Condition | string {
  try {
    const value: unknown = JSON.parse(text)
    return isCondition(value) ? value : 'Write an object, such as {"signals.country": "SE"}.'
  } catch {
    return 'This is not JSON yet: look for quotes, commas and brackets.'
  }
}

/** Whatever JSON holds in an object is JSON. */
function isCondition(value: unknown): value is Condition {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
