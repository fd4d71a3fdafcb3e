import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { announce } from '../frame/announcer.tsx'
import { ChoiceField, ReferenceField } from './choice-fields.tsx'
import { mistakesAt, useForm } from './context.ts'
import { ImageField } from './image-field.tsx'
import { ItemHead } from './item-head.tsx'
import { FlagField, LinesField, MomentField, NumberField, TextField } from './plain-fields.tsx'
import { type FieldProps, type FieldSpec, memberOf, moved, withValue } from './spec.ts'

interface Props<Doc extends object> {
  readonly fields: readonly FieldSpec[]
  readonly value: Doc
  /** JSON pointer of `value` in the whole document. */
  readonly pointer?: string
  readonly onChange: (value: Doc) => void
}

/** A form from a table of its fields. */
export function Fields<Doc extends object>(props: Props<Doc>): JSX.Element {
  const { fields, value, pointer = '', onChange } = props
  return (
    <>
      {fields.map((spec) => (
        <Field
          key={spec.name}
          spec={spec}
          value={memberOf(value, spec.name)}
          pointer={`${pointer}/${spec.name}`}
          onChange={(next) => onChange(withValue(value, spec.name, next))}
        />
      ))}
    </>
  )
}

function Field({ spec, ...rest }: FieldProps): JSX.Element {
  switch (spec.kind) {
    case 'text':
    case 'url':
      return <TextField spec={spec} {...rest} />
    case 'image':
      return <ImageField spec={spec} {...rest} />
    case 'number':
      return <NumberField spec={spec} {...rest} />
    case 'flag':
      return <FlagField spec={spec} {...rest} />
    case 'moment':
      return <MomentField spec={spec} {...rest} />
    case 'lines':
      return <LinesField spec={spec} {...rest} />
    case 'choice':
      return <ChoiceField spec={spec} {...rest} />
    case 'reference':
      return <ReferenceField spec={spec} {...rest} />
    case 'list':
      return <ListField spec={spec} {...rest} />
    case 'group':
      return <GroupField spec={spec} {...rest} />
  }
}

/** Members of an object; what it has none of yet is made with the first of them. */
function GroupField({
  spec,
  value,
  pointer,
  onChange,
}: FieldProps<Extract<FieldSpec, { kind: 'group' }>>): JSX.Element {
  const doc = typeof value === 'object' && value !== null ? value : {}
  return (
    <fieldset class="group">
      <legend>{spec.label}</legend>
      {spec.hint && <p class="hint">{spec.hint}</p>}
      <Fields
        fields={spec.fields}
        value={doc}
        pointer={pointer}
        onChange={(next) => onChange(spec.optional && isEmpty(next) ? undefined : next)}
      />
    </fieldset>
  )
}

const isEmpty = (doc: object) => Object.values(doc).every((member) => member === undefined)

/** Several of the same form: added, moved and removed by buttons, which are there for the keyboard too. */
function ListField(props: FieldProps<Extract<FieldSpec, { kind: 'list' }>>): JSX.Element {
  const { spec, value, pointer, onChange } = props
  const { locked, mistakes } = useForm()
  const whole = useRef<HTMLFieldSetElement>(null)
  const items: readonly object[] = Array.isArray(value) ? value.filter(isObject) : []
  const full = spec.max !== undefined && items.length >= spec.max
  const own = mistakesAt(mistakes, pointer).filter((mistake) => mistake.pointer === pointer)
  /** After the change the focus goes to the item that it was about. */
  const change = (next: readonly object[], focus: number, said: string) => {
    onChange(next)
    announce(said)
    requestAnimationFrame(() => {
      const item = whole.current?.querySelectorAll<HTMLElement>(':scope > ol > li')[focus]
      const target = item ?? whole.current?.querySelector<HTMLElement>(':scope > .add')
      target?.querySelector<HTMLElement>('input, textarea, select, button')?.focus()
      if (target instanceof HTMLButtonElement) target.focus()
    })
  }
  return (
    <fieldset class="list-field" ref={whole}>
      <legend>
        {spec.label}
        {spec.optional && <span class="optional"> optional</span>}
      </legend>
      {spec.hint && <p class="hint">{spec.hint}</p>}
      {own.map(({ detail }) => (
        <p key={detail} class="mistake">
          {detail}
        </p>
      ))}
      <ol>
        {items.map((item, place) => (
          <li key={place}>
            <ItemHead
              title={`${spec.one} ${place + 1}`}
              first={place === 0}
              last={place === items.length - 1}
              onMove={(by) =>
                change(
                  moved(items, place, place + by),
                  place + by,
                  `Now at place ${place + by + 1}.`,
                )
              }
              onRemove={() =>
                change(
                  items.toSpliced(place, 1),
                  Math.min(place, items.length - 2),
                  `${spec.one} ${place + 1} removed.`,
                )
              }
            />
            <Fields
              fields={spec.fields}
              value={item}
              pointer={`${pointer}/${place}`}
              onChange={(next) => onChange(items.with(place, next))}
            />
          </li>
        ))}
      </ol>
      {!locked && (
        <button
          type="button"
          class="add"
          aria-disabled={full}
          onClick={() =>
            full || change([...items, { ...spec.blank }], items.length, `${spec.one} added.`)
          }
        >
          {full ? `No more than ${spec.max}` : `Add ${spec.one.toLowerCase()}`}
        </button>
      )}
    </fieldset>
  )
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
