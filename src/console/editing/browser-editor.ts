import type { Kind } from '../../model/configuration.ts'
import { EDITORS } from '../kinds/editors.ts'
import { loseSession } from '../session.ts'
import { shelf } from './browser-shelf.ts'
import { createEditor, type Editor } from './editor.ts'
import { type DocOf, saveThing, type Thing } from './things.ts'

/** An editor of a thing of a site, whose unsaved work is kept in this browser. */
export function openEditor<K extends Kind>(
  site: string,
  kind: K,
  base: Thing<DocOf<K>> | null,
  /** Tells the work of a dialog from that of the screen below. */
  where: 'screen' | 'aside' = 'screen',
): Editor<DocOf<K>> {
  const name = base ? `${site}/${kind}/${base.doc.id}` : `${site}/${kind}/~${where}`
  return createEditor<DocOf<K>>(base, EDITORS[kind].blank, {
    name,
    shelf,
    now: Date.now,
    async save(doc, version) {
      const answer = await saveThing(site, kind, doc, version)
      if (!answer.ok && answer.error.reason === 'signed-out') loseSession()
      return answer
    },
  })
}
