import type { JSX } from 'preact'
import type { Field, Module } from '../../model/module.ts'
import type { Offer, Variant } from '../../model/variant.ts'
import { useForm } from '../form/context.ts'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import { FragmentFrame } from '../library/fragment-frame.tsx'
import { blankContent } from '../library/sample-content.ts'
import type { KindEditorProps } from './editor-props.ts'

export const blankVariant: Variant = { id: '', name: '', module: '', content: {} }

const MODULE: FieldSpec<keyof Variant> = {
  kind: 'reference',
  of: 'modules',
  name: 'module',
  label: 'Module',
}

const PRODUCT: FieldSpec<keyof Variant> = {
  kind: 'text',
  name: 'product',
  label: 'Product',
  hint: 'For the policies that govern products: casino, credit.',
  optional: true,
  code: true,
}

const OFFER: readonly FieldSpec<keyof Offer>[] = [
  {
    kind: 'number',
    name: 'value',
    label: 'Worth of one that is taken',
    hint: 'In any unit that is the same for all offers of a list.',
    min: 0,
  },
  { kind: 'moment', name: 'from', label: 'From', optional: true },
  { kind: 'moment', name: 'until', label: 'Until', optional: true },
  {
    kind: 'reference',
    of: 'audiences',
    name: 'eligible',
    label: 'Who may have it',
    optional: true,
  },
  {
    kind: 'number',
    name: 'stock',
    label: 'People it is there for',
    min: 1,
    whole: true,
    optional: true,
  },
]

/** A module's fields as a form, what they make, and what makes it an offer. */
export function VariantEditor({ site, doc, onChange }: KindEditorProps<'variants'>): JSX.Element {
  const { draft } = useForm()
  const module = draft?.modules.find(({ id }) => id === doc.module)
  return (
    <div class="beside">
      <div class="stack">
        <section class="card form" aria-label="Content">
          <Fields
            fields={[MODULE]}
            value={doc}
            onChange={(next) => onChange(withModule(next, doc, draft?.modules ?? []))}
          />
          {module && (
            <Fields
              fields={toSpecs(module.fields)}
              value={doc.content}
              pointer="/content"
              onChange={(content) => onChange({ ...doc, content })}
            />
          )}
        </section>
        <section class="card form" aria-label="Offer and product">
          <OfferFields doc={doc} onChange={onChange} />
          <Fields fields={[PRODUCT]} value={doc} onChange={onChange} />
        </section>
      </div>
      {module && (
        <section class="card" aria-label="Preview">
          <h2>As it will look</h2>
          <FragmentFrame site={site} module={module} content={doc.content} title="The variant" />
        </section>
      )}
    </div>
  )
}

function OfferFields({ doc, onChange }: Omit<KindEditorProps<'variants'>, 'site'>): JSX.Element {
  const { locked } = useForm()
  const { offer } = doc
  return (
    <>
      <div class="field field-behind">
        <input
          id="is-offer"
          type="checkbox"
          disabled={locked}
          checked={offer !== undefined}
          aria-describedby="is-offer-about"
          onChange={({ currentTarget: { checked } }) =>
            onChange({ ...doc, offer: checked ? { value: 1 } : undefined })
          }
        />
        <label for="is-offer">This is an offer</label>
        <p id="is-offer-about" class="hint">
          Offers can stand in ranked lists; they have a worth, dates and a stock.
        </p>
      </div>
      {offer && (
        <Fields
          fields={OFFER}
          value={offer}
          pointer="/offer"
          onChange={(next) => onChange({ ...doc, offer: next })}
        />
      )}
    </>
  )
}

/** Another module's fields are others: what both have stays. */
function withModule(next: Variant, before: Variant, modules: readonly Module[]): Variant {
  if (next.module === before.module) return next
  const fields = modules.find(({ id }) => id === next.module)?.fields ?? {}
  const kept = Object.entries(next.content).filter(([name]) => Object.hasOwn(fields, name))
  return {
    ...next,
    content: { ...blankContent(fields), ...Object.fromEntries(kept) } as Variant['content'],
  }
}

/** The form that a module's fields make. */
function toSpecs(fields: Module['fields']): readonly FieldSpec[] {
  return Object.entries(fields).map(([name, field]) => toSpec(name, field))
}

function toSpec(name: string, field: Field): FieldSpec {
  const common = { name, label: field.label === '' ? name : field.label, optional: !field.required }
  switch (field.kind) {
    case 'text':
      return { ...common, kind: 'text', max: field.max, lines: field.max > 160 ? 3 : undefined }
    case 'list':
      return {
        ...common,
        kind: 'list',
        one: 'Item',
        max: field.max,
        fields: toSpecs(field.fields),
        blank: blankContent(field.fields),
      }
    default:
      return { ...common, kind: field.kind }
  }
}
