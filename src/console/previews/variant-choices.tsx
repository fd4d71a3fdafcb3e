import type { JSX } from 'preact'
import type { Configuration } from '../../model/configuration.ts'

interface Props {
  readonly draft: Configuration | null
  /** Experience → variant. */
  readonly chosen: Readonly<Record<string, string>>
  readonly onChange: (chosen: Readonly<Record<string, string>>) => void
}

/** Which variants are shown whoever looks; the rest is decided as for any visitor. */
export function VariantChoices({ draft, chosen, onChange }: Props): JSX.Element {
  const nameOf = (id: string) => draft?.variants.find((variant) => variant.id === id)?.name || id
  const running = draft?.experiences.filter(({ paused }) => !paused) ?? []
  return (
    <details>
      <summary>Show a certain variant</summary>
      <div class="variant-choices">
        {running.map(({ id, name, variants }) => (
          <div class="field" key={id}>
            <label for={`show-${id}`}>{name || id}</label>
            <select
              id={`show-${id}`}
              value={chosen[id] ?? ''}
              onChange={({ currentTarget: { value } }) => onChange(withChoice(chosen, id, value))}
            >
              <option value="">As decided for this visitor</option>
              {variants.map(({ variant }) => (
                <option key={variant} value={variant}>
                  {nameOf(variant)}
                </option>
              ))}
            </select>
          </div>
        ))}
      </div>
    </details>
  )
}

function withChoice(chosen: Props['chosen'], experience: string, variant: string): Props['chosen'] {
  const others = Object.entries(chosen).filter(([id]) => id !== experience)
  return Object.fromEntries(variant === '' ? others : [...others, [experience, variant]])
}
