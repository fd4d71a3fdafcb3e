import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Kind } from '../../model/configuration.ts'
import { Fields } from '../form/fields.tsx'
import { type FieldSpec, toId } from '../form/spec.ts'

interface Named {
  readonly id: string
  readonly name: string
}

interface Props<Doc extends Named> {
  readonly kind: Kind
  readonly doc: Doc
  /** It has been saved: its id stands. */
  readonly fixed: boolean
  readonly onChange: (doc: Doc) => void
}

const NAME: FieldSpec<keyof Named> = { kind: 'text', name: 'name', label: 'Name', max: 120 }

const ID: FieldSpec<keyof Named> = {
  ...{ kind: 'text', name: 'id', label: 'Id', max: 64, code: true },
  hint: 'Stands in addresses and figures; it cannot be changed later.',
}

/** Name and id; the id follows the name until somebody writes one. */
export function IdentityFields<Doc extends Named>(props: Props<Doc>): JSX.Element {
  const { kind, doc, fixed, onChange } = props
  const toOwnId = kind === 'attributes' ? toFieldName : toId
  const [follows, setFollows] = useState(doc.id === '' || doc.id === toOwnId(doc.name))
  return (
    <section class="card form columns" aria-label="Name and id">
      <Fields
        fields={[NAME]}
        value={doc}
        onChange={(next) =>
          onChange(fixed || !follows ? next : { ...next, id: toOwnId(next.name) })
        }
      />
      {fixed ? (
        <p class="field">
          <span class="label">Id</span> <code>{doc.id}</code>
        </p>
      ) : (
        <Fields
          fields={[ID]}
          value={doc}
          onChange={(next) => {
            setFollows(false)
            onChange(next)
          }}
        />
      )}
    </section>
  )
}

/** Attributes are named as in paths: `Birth date` → `birthDate`. */
function toFieldName(name: string): string {
  return toId(name).replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
