import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Slot } from '../../model/slot.ts'
import { useForm } from '../form/context.ts'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import { toPagePatterns } from '../picking/page-patterns.ts'
import type { Pick } from '../picking/pick-message.ts'
import { SlotPicker } from '../picking/slot-picker.tsx'
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

/** Where variants stand: pointed at on the page itself, or written. */
export function SlotEditor({ site, doc, onChange }: KindEditorProps<'slots'>): JSX.Element {
  const { locked } = useForm()
  const [pick, setPick] = useState<{ readonly pick: Pick; readonly path: string } | null>(null)
  // Fields of several lines hold their own text: they begin anew when the picker fills them in.
  const [filled, setFilled] = useState(0)
  const take = (found: Pick, path: string) => {
    setPick({ pick: found, path })
    setFilled(filled + 1)
    const pages = doc.pages.length > 0 ? doc.pages : toPagePatterns(path).slice(0, 1)
    onChange({ ...doc, selector: found.selector, pages })
  }
  const addPage = (pattern: string) => {
    setFilled(filled + 1)
    onChange({ ...doc, pages: [...doc.pages, pattern] })
  }
  return (
    <>
      {!locked && (
        <section class="card form" aria-labelledby="pick-title">
          <h2 id="pick-title">Point at it on the page</h2>
          <SlotPicker site={site} start={startOf(doc)} onPick={take} />
          {pick && <Picked {...pick} doc={doc} onChange={onChange} onAddPage={addPage} />}
        </section>
      )}
      <section class="card form" aria-label="The slot" key={filled}>
        <Fields
          fields={[SELECTOR, PAGES, ...REST]}
          value={doc}
          onChange={(next) => onChange(settled(next))}
        />
        {doc.operation === 'set-attribute' && (
          <Fields fields={[ATTRIBUTE]} value={doc} onChange={onChange} />
        )}
        <Fields fields={[REQUIRED]} value={doc} onChange={onChange} />
      </section>
    </>
  )
}

interface PickedProps {
  readonly pick: Pick
  readonly path: string
  readonly doc: Slot
  readonly onChange: (doc: Slot) => void
  readonly onAddPage: (pattern: string) => void
}

/** What was pointed at, with other ways to name it and the pages that it may be on. */
function Picked({ pick, path, doc, onChange, onAddPage }: PickedProps): JSX.Element {
  const ways = [{ selector: pick.selector, matches: pick.matches }, ...pick.alternatives]
  const patterns = toPagePatterns(path).filter((pattern) => !doc.pages.includes(pattern))
  return (
    <div class="picked">
      <p>
        <code>&lt;{pick.tag}&gt;</code> {pick.text && `“${pick.text}”`}
      </p>
      <fieldset class="choices">
        <legend>Found by</legend>
        {ways.map(({ selector, matches }) => (
          <label key={selector}>
            <input
              type="radio"
              name="selector"
              checked={doc.selector === selector}
              onChange={() => onChange({ ...doc, selector })}
            />
            <span>
              <code>{selector}</code>{' '}
              <span class={matches === 1 ? 'hint' : 'mistake'}>
                {matches === 1 ? 'once on this page' : `${matches} times on this page`}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      {patterns.length > 0 && (
        <p class="suggestions">
          Also on pages like{' '}
          {patterns.map((pattern) => (
            <button key={pattern} type="button" onClick={() => onAddPage(pattern)}>
              {pattern}
            </button>
          ))}
        </p>
      )}
    </div>
  )
}

/** An attribute is named for `set-attribute`, and for nothing else. */
function settled(slot: Slot): Slot {
  if (slot.operation === 'set-attribute') return { ...slot, attribute: slot.attribute ?? 'class' }
  return { ...slot, attribute: undefined }
}

/** A page of the slot that stands for itself, to begin with. */
function startOf({ pages }: Slot): string {
  return pages.find((page) => !/[*:{(]/.test(page)) ?? '/'
}
