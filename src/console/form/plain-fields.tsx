import type { JSX } from 'preact'
import { Labelled } from './labelled.tsx'
import { type FieldProps, type FieldSpec, fromLocalMoment, toLocalMoment } from './spec.ts'

type Of<K extends FieldSpec['kind']> = FieldProps<Extract<FieldSpec, { kind: K }>>

const textOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

export function TextField({ spec, value, pointer, onChange }: Of<'text' | 'url'>): JSX.Element {
  const { label, hint, optional } = spec
  // What may be left out is left out, not sent as an empty text.
  const send = (text: string) => onChange(text === '' && optional ? undefined : text)
  const lines = spec.kind === 'text' ? spec.lines : undefined
  return (
    <Labelled label={label} hint={hint} optional={optional} pointer={pointer}>
      {(control) =>
        lines ? (
          <textarea
            {...control}
            rows={lines}
            value={textOf(value)}
            maxLength={spec.kind === 'text' ? spec.max : undefined}
            onInput={(event) => send(event.currentTarget.value)}
          />
        ) : (
          <input
            {...control}
            type="text"
            inputMode={spec.kind === 'url' ? 'url' : undefined}
            class={spec.kind === 'text' && spec.code ? 'code' : undefined}
            spellcheck={spec.kind === 'text' && !spec.code}
            autocomplete="off"
            value={textOf(value)}
            maxLength={spec.kind === 'text' ? spec.max : undefined}
            onInput={(event) => send(event.currentTarget.value)}
          />
        )
      }
    </Labelled>
  )
}

export function NumberField({ spec, value, pointer, onChange }: Of<'number'>): JSX.Element {
  const { label, hint, optional, min, max, whole } = spec
  return (
    <Labelled label={label} hint={hint} optional={optional} pointer={pointer}>
      {(control) => (
        <input
          {...control}
          type="number"
          class="short"
          min={min}
          max={max}
          step={whole ? 1 : 'any'}
          value={textOf(value)}
          onInput={({ currentTarget }) => {
            const { valueAsNumber } = currentTarget
            onChange(Number.isNaN(valueAsNumber) ? undefined : valueAsNumber)
          }}
        />
      )}
    </Labelled>
  )
}

export function FlagField({ spec, value, pointer, onChange }: Of<'flag'>): JSX.Element {
  return (
    <Labelled label={spec.label} hint={spec.hint} pointer={pointer} behind>
      {(control) => (
        <input
          {...control}
          type="checkbox"
          checked={value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      )}
    </Labelled>
  )
}

export function MomentField({ spec, value, pointer, onChange }: Of<'moment'>): JSX.Element {
  const { label, hint, optional } = spec
  return (
    <Labelled label={label} hint={hint} optional={optional} pointer={pointer}>
      {(control) => (
        <input
          {...control}
          type="datetime-local"
          class="short"
          value={toLocalMoment(value)}
          onChange={({ currentTarget }) => onChange(fromLocalMoment(currentTarget.value))}
        />
      )}
    </Labelled>
  )
}

export function LinesField({ spec, value, pointer, onChange }: Of<'lines'>): JSX.Element {
  const { label, hint, optional } = spec
  const lines = Array.isArray(value) ? value.map(textOf) : []
  return (
    <Labelled label={label} hint={hint} optional={optional} pointer={pointer}>
      {(control) => (
        <textarea
          {...control}
          class="code"
          rows={Math.min(8, Math.max(2, lines.length + 1))}
          spellcheck={false}
          defaultValue={lines.join('\n')}
          onInput={({ currentTarget }) => {
            const list = currentTarget.value.split('\n').flatMap((line) => line.trim() || [])
            onChange(list.length === 0 && optional ? undefined : list)
          }}
        />
      )}
    </Labelled>
  )
}
