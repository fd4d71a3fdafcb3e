import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Slot } from '../../model/slot.ts'
import { useForm } from '../form/context.ts'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import { announce } from '../frame/announcer.tsx'
import { firstPage } from '../slots/picking.ts'
import { SlotPicker } from '../slots/slot-picker.tsx'
import type { KindEditorProps } from './editor-props.ts'
import { OPERATION_WORDS } from './operation-words.ts'

export const blankSlot: Slot = {
  id: '',
  name: '',
  selector: '',
  pages: [],
  operation: 'inner',
  required: false,
}

const SELECTOR: FieldSpec<keyof Slot> = {
  ...{ kind: 'text', name: 'selector', label: 'Selector', max: 512, code: true },
  hint: 'The first element that it finds is the slot.',
}

const PAGES: FieldSpec<keyof Slot> = {
  ...{ kind: 'lines', name: 'pages', label: 'Pages' },
  hint: 'One pattern a line: /, /products/*, /products/:id',
}

const REST: readonly FieldSpec<keyof Slot>[] = [
  {
    kind: 'choice',
    name: 'operation',
    label: 'What happens there',
    options: Object.entries(OPERATION_WORDS).map(([value, label]) => ({ value, label })),
  },
]

const ATTRIBUTE: FieldSpec<keyof Slot> = {
  kind: 'text',
  name: 'attribute',
  label: 'Attribute',
  hint: 'Such as class, or data-theme.',
  code: true,
}

const REQUIRED: FieldSpec<keyof Slot> = {
  kind: 'flag',
  name: 'required',
  label: 'Every such page must have it',
  hint: 'A page without it is reported as a fault.',
}

/** Where variants stand: by a selector, on pages of these patterns. */
export function SlotEditor({ site, doc, onChange }: KindEditorProps<'slots'>): JSX.Element {
  const { locked } = useForm()
  const [picking, setPicking] = useState(false)
  return (
    <>
      <section class="card form" aria-label="The slot">
        <Fields fields={[SELECTOR]} value={doc} onChange={onChange} />
        {!locked && (
          <button
            type="button"
            class="add"
            aria-expanded={picking}
            onClick={() => setPicking(!picking)}
          >
            {picking ? 'Close the page' : 'Pick on the page…'}
          </button>
        )}
        <Fields
          fields={[PAGES, ...REST]}
          value={doc}
          onChange={(next) => onChange(settled(next))}
        />
        {doc.operation === 'set-attribute' && (
          <Fields fields={[ATTRIBUTE]} value={doc} onChange={onChange} />
        )}
        <Fields fields={[REQUIRED]} value={doc} onChange={onChange} />
      </section>
      {picking && (
        <SlotPicker
          site={site}
          start={firstPage(doc.pages)}
          onUse={(selector, path) => {
            onChange(withPick(doc, selector, path))
            setPicking(false)
            announce(`The selector is now ${selector}.`)
          }}
        />
      )}
    </>
  )
}

/** The page on which it was picked is the slot's first, where it has none. */
function withPick(slot: Slot, selector: string, path: string): Slot {
  const [page = '/'] = path.split(/[?#]/)
  return { ...slot, selector, pages: slot.pages.length > 0 ? slot.pages : [page] }
}

/** An attribute is named for `set-attribute`, and for nothing else. */
function settled(slot: Slot): Slot {
  if (slot.operation === 'set-attribute') return { ...slot, attribute: slot.attribute ?? 'class' }
  return { ...slot, attribute: undefined }
}
