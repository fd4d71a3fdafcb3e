import type { JSX } from 'preact'
import type { Experience } from '../../model/experience.ts'
import { toOptions } from '../form/choice-fields.tsx'
import { mistakesAt, useForm } from '../form/context.ts'
import { ItemHead } from '../form/item-head.tsx'
import { moved } from '../form/spec.ts'
import { announce } from '../frame/announcer.tsx'
import { toHash } from '../route.ts'
import { toNames } from './names.ts'

interface Props {
  readonly doc: Experience
  readonly onChange: (doc: Experience) => void
}

/** The variants of an experience: ones that there are, or new ones, each with its weight. */
export function VariantRows({ doc, onChange }: Props): JSX.Element {
  const { site, draft, locked, mistakes, makeNew } = useForm()
  const { variants, allocation } = doc
  const name = toNames(draft)
  const change = (next: readonly Experience['variants'][number][]) =>
    onChange({ ...doc, variants: [...next] })
  const add = (variant: string) => {
    change([...variants, { variant, weight: 1 }])
    announce(`${name('variants', variant)} added.`)
  }
  const rest = toOptions(draft, 'variants').filter(
    ({ value }) => !variants.some(({ variant }) => variant === value),
  )
  const make = async () => {
    const made = await makeNew('variants')
    if (made !== null) add(made)
  }
  return (
    <>
      {variants.length === 0 && <p class="hint">No variants yet.</p>}
      <ol class="variant-rows">
        {variants.map(({ variant, weight }, place) => (
          <li key={variant}>
            <ItemHead
              title={name('variants', variant)}
              href={toHash({ screen: 'thing', site, kind: 'variants', id: variant })}
              first={place === 0}
              last={place === variants.length - 1}
              onMove={(by) => change(moved(variants, place, place + by))}
              onRemove={() => change(variants.toSpliced(place, 1))}
            />
            {allocation.kind === 'split' && variants.length > 1 && (
              <label class="weight">
                Weight
                <input
                  type="number"
                  min={0}
                  step="any"
                  class="short"
                  disabled={locked}
                  value={weight}
                  onInput={({ currentTarget: { valueAsNumber } }) =>
                    Number.isNaN(valueAsNumber) ||
                    change(variants.with(place, { variant, weight: valueAsNumber }))
                  }
                />
              </label>
            )}
          </li>
        ))}
      </ol>
      {mistakesAt(mistakes, '/variants').map(({ pointer, detail }) => (
        <p key={pointer} class="mistake">
          {detail}
        </p>
      ))}
      {!locked && (
        <div class="choose">
          <select
            aria-label="Add a variant that there is"
            value=""
            onChange={({ currentTarget }) => {
              if (currentTarget.value !== '') add(currentTarget.value)
              currentTarget.value = ''
            }}
          >
            <option value="">Add a variant that there is…</option>
            {rest.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
          <button type="button" onClick={() => void make()}>
            New variant…
          </button>
        </div>
      )}
    </>
  )
}
