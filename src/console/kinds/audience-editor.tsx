import type { JSX } from 'preact'
import type { Audience } from '../../model/audience.ts'
import { ConditionEditor } from '../audiences/condition-editor.tsx'
import { MatchView } from '../audiences/match-view.tsx'
import { SizeView } from '../audiences/size-view.tsx'
import type { KindEditorProps } from './editor-props.ts'

export const blankAudience: Audience = { id: '', name: '', condition: {} }

/** The rule, how many it is true of, and why it is or is not of somebody. */
export function AudienceEditor({ site, doc, onChange }: KindEditorProps<'audiences'>): JSX.Element {
  return (
    <>
      <ConditionEditor
        condition={doc.condition}
        onChange={(condition) => onChange({ ...doc, condition })}
      />
      <div class="pair">
        <SizeView site={site} condition={doc.condition} />
        <MatchView site={site} condition={doc.condition} />
      </div>
    </>
  )
}
