import type { FunctionComponent } from 'preact'
import type { Kind } from '../../model/configuration.ts'
import type { DocOf } from '../editing/things.ts'
import { AttributeEditor, blankAttribute } from './attribute-editor.tsx'
import { AudienceEditor, blankAudience } from './audience-editor.tsx'
import { blankCounter, CounterEditor } from './counter-editor.tsx'
import type { KindEditorProps } from './editor-props.ts'
import { blankExperience, ExperienceEditor } from './experience-editor.tsx'
import { blankGoal, GoalEditor } from './goal-editor.tsx'
import { blankModule, ModuleEditor } from './module-editor.tsx'
import { blankPolicy, PolicyEditor } from './policy-editor.tsx'
import { blankSlot, SlotEditor } from './slot-editor.tsx'
import { blankVariant, VariantEditor } from './variant-editor.tsx'

interface KindEditor<K extends Kind> {
  readonly blank: DocOf<K>
  readonly Editor: FunctionComponent<KindEditorProps<K>>
}

/** How each kind is edited. */
export const EDITORS: { readonly [K in Kind]: KindEditor<K> } = {
  slots: { blank: blankSlot, Editor: SlotEditor },
  modules: { blank: blankModule, Editor: ModuleEditor },
  variants: { blank: blankVariant, Editor: VariantEditor },
  attributes: { blank: blankAttribute, Editor: AttributeEditor },
  counters: { blank: blankCounter, Editor: CounterEditor },
  policies: { blank: blankPolicy, Editor: PolicyEditor },
  audiences: { blank: blankAudience, Editor: AudienceEditor },
  goals: { blank: blankGoal, Editor: GoalEditor },
  experiences: { blank: blankExperience, Editor: ExperienceEditor },
}
