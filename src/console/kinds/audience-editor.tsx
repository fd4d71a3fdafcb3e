import type { JSX } from 'preact'
import type { Audience } from '../../model/audience.ts'
import { ConditionEditor } from '../audiences/condition-editor.tsx'
import { MatchView } from '../audiences/match-view.tsx'
import type { KindEditorProps } from './editor-props.ts'

export const blankAudience: Audience = { id: '', name: '', condition: {} }

/** The rule, and why it is or is not of somebody. */
export function AudienceEditor({ site, doc, onChange }: KindEditorProps<'audiences'>): JSX.Element {
  return (
    <>
      <ConditionEditor
        condition={doc.condition}
        onChange={(condition) => onChange({ ...doc, condition })}
      />
      <MatchView site={site} condition={doc.condition} />
    </>
  )
}
