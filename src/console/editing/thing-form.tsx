import type { JSX } from 'preact'
import type { Kind } from '../../model/configuration.ts'
import type { Mistake } from '../call.ts'
import { FormContext } from '../form/context.ts'
import { EDITORS } from '../kinds/editors.ts'
import { useDraft } from './draft.ts'
import { IdentityFields } from './identity-fields.tsx'
import type { DocOf } from './things.ts'
import { makeNew } from './wish.ts'

interface Props<K extends Kind> {
  readonly site: string
  readonly kind: K
  readonly doc: DocOf<K>
  /** It has been saved: its id stands. */
  readonly fixed: boolean
  readonly locked: boolean
  readonly mistakes: readonly Mistake[]
  readonly onChange: (doc: DocOf<K>) => void
}

/** The form of one thing of any kind. */
export function ThingForm<K extends Kind>(props: Props<K>): JSX.Element {
  const { site, kind, doc, fixed, locked, mistakes, onChange } = props
  const { value: draft } = useDraft(site)
  const { Editor } = EDITORS[kind]
  return (
    <FormContext.Provider value={{ site, draft, mistakes, locked, makeNew }}>
      <div class="thing-form">
        <IdentityFields kind={kind} doc={doc} fixed={fixed} onChange={onChange} />
        <Editor site={site} doc={doc} onChange={onChange} />
      </div>
    </FormContext.Provider>
  )
}
