import type { JSX } from 'preact'
import { useId } from 'preact/hooks'
import { mistakesAt, useForm } from './context.ts'

/** What a control needs to be found by its label, hint and mistake. */
export interface ControlProps {
  readonly id: string
  readonly 'aria-describedby': string
  readonly 'aria-invalid': boolean
  readonly disabled: boolean
}

interface Props {
  readonly label: string
  readonly hint?: string
  readonly optional?: boolean
  readonly pointer: string
  /** The label stands behind the control, as with a check box. */
  readonly behind?: boolean
  readonly children: (control: ControlProps) => JSX.Element
}

/** A control with its label, what helps to fill it in, and what is wrong with it. */
export function Labelled(props: Props): JSX.Element {
  const { label, hint, optional = false, pointer, behind = false, children } = props
  const id = useId()
  const { mistakes, locked } = useForm()
  const found = mistakesAt(mistakes, pointer)
  const control = children({
    id,
    'aria-describedby': `${id}-about`,
    'aria-invalid': found.length > 0,
    disabled: locked,
  })
  return (
    <div class={behind ? 'field field-behind' : 'field'}>
      {behind && control}
      <label for={id}>
        {label}
        {optional && !behind && <span class="optional"> optional</span>}
      </label>
      {!behind && control}
      <div id={`${id}-about`} class="field-about">
        {hint && <p class="hint">{hint}</p>}
        {found.map(({ detail }) => (
          <p key={detail} class="mistake">
            {detail}
          </p>
        ))}
      </div>
    </div>
  )
}
