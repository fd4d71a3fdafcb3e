import type { Kind } from '../../model/configuration.ts'
import type { DocOf } from '../editing/things.ts'

/** What an editor of a kind is given; name and id are the frame's. */
export interface KindEditorProps<K extends Kind> {
  readonly site: string
  readonly doc: DocOf<K>
  readonly onChange: (doc: DocOf<K>) => void
}
