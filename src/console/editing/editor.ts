import { type ReadonlySignal, signal } from '@preact/signals'
import type { Answer, Mistake, Refusal } from '../call.ts'
import { isSame } from './field-changes.ts'
import type { Thing } from './things.ts'
import type { WorkShelf } from './work.ts'

/** Where one thing's editing stands. */
export interface Editing<Doc> {
  /** What the server has; null for something new. */
  readonly base: Thing<Doc> | null
  /** What the editor sees. */
  readonly doc: Doc
  readonly saving: boolean
  /** Why the newest save failed; null when it did not. */
  readonly refusal: Refusal | null
  /** What somebody else made of it meanwhile. */
  readonly theirs: Thing<Doc> | null
  /** Epoch ms at which work that was taken up again had been left; null where there was none. */
  readonly resumed: number | null
  /** Goes up whenever the document is replaced as a whole: fields begin anew then. */
  readonly revision: number
  /** Whether unsaved work is safe in this browser. */
  readonly kept: boolean
}

export interface EditorDeps<Doc> {
  /** The name under which unsaved work is kept. */
  readonly name: string
  readonly shelf: WorkShelf
  readonly save: (doc: Doc, version: number | null) => Answer<Thing<Doc>>
  readonly now: () => number
}

export interface Editor<Doc> {
  readonly state: ReadonlySignal<Editing<Doc>>
  change(doc: Doc): void
  /** Saves; what was saved, or nothing where that failed and the state says why. */
  save(): Promise<Thing<Doc> | null>
  /** Back to what the server has. */
  discard(): void
  /** Goes on with one's own words over theirs; the next save replaces them. */
  keepMine(): void
  takeTheirs(): void
}

/**
 * Edits one thing. Every change is kept in the browser until it is saved or given up; work found there
 * is taken up again, and held against what somebody else saved meanwhile.
 */
export function createEditor<Doc extends object>(
  base: Thing<Doc> | null,
  blank: Doc,
  { name, shelf, save, now }: EditorDeps<Doc>,
): Editor<Doc> {
  let revision = 0
  const fresh = (thing: Thing<Doc> | null): Editing<Doc> => ({
    base: thing,
    doc: thing?.doc ?? blank,
    revision: revision++,
    ...{ saving: false, refusal: null, theirs: null, resumed: null, kept: true },
  })
  const state = signal<Editing<Doc>>(resume(fresh(base), name, shelf))

  const update = (part: Partial<Editing<Doc>>) => {
    state.value = { ...state.value, ...part }
  }
  const keep = (doc: Doc, version: number | null) => shelf.keep(name, { doc, version, at: now() })

  async function saveNow(): Promise<Thing<Doc> | null> {
    const { doc, base, saving } = state.value
    if (saving) return null
    update({ saving: true, refusal: null })
    const answer = await save(doc, base?.version ?? null)
    if (!answer.ok) {
      const theirs = toTheirs<Doc>(answer.error)
      update({ saving: false, refusal: theirs ? null : answer.error, theirs })
      return null
    }
    // Whoever goes on writing while it is being saved keeps what they write.
    const written = state.value.doc
    const { version } = answer.value
    if (isSame(written, doc)) {
      shelf.drop(name)
      state.value = fresh(answer.value)
    } else update({ base: answer.value, saving: false, kept: keep(written, version) })
    return answer.value
  }

  return {
    state,
    change(doc) {
      const same = isSame(doc, state.value.base?.doc ?? blank)
      if (same) shelf.drop(name)
      const kept = same || keep(doc, state.value.base?.version ?? null)
      update({ doc, kept, refusal: settled(state.value.refusal) })
    },
    save: saveNow,
    discard() {
      shelf.drop(name)
      state.value = fresh(state.value.base)
    },
    keepMine() {
      const { theirs, doc } = state.value
      if (theirs) update({ base: theirs, theirs: null, kept: keep(doc, theirs.version) })
    },
    takeTheirs() {
      shelf.drop(name)
      state.value = fresh(state.value.theirs ?? state.value.base)
    },
  }
}

/** Whether there is anything to save. */
export function isDirty<Doc>({ base, doc }: Editing<Doc>, blank: Doc): boolean {
  return !isSame(doc, base?.doc ?? blank)
}

/** What the newest save found wrong. */
export function mistakesOf({ refusal }: Editing<unknown>): readonly Mistake[] {
  return refusal?.reason === 'refused' ? (refusal.mistakes ?? []) : []
}

/** Mistakes stay on their fields while these are being mended; other failures have had their say. */
function settled(refusal: Refusal | null): Refusal | null {
  return refusal?.reason === 'refused' ? refusal : null
}

function resume<Doc>(fresh: Editing<Doc>, name: string, shelf: WorkShelf): Editing<Doc> {
  const work = shelf.read(name)
  if (!work || isSame(work.doc, fresh.doc)) return fresh
  // Only this console writes there, under the name of this very thing.
  const doc = work.doc as Doc
  const resumed = work.at
  if (work.version === (fresh.base?.version ?? null)) return { ...fresh, doc, resumed }
  return { ...fresh, doc, resumed, theirs: fresh.base }
}

function toTheirs<Doc>(refusal: Refusal): Thing<Doc> | null {
  // The answer is our own API's, about the thing that was to be saved.
  return refusal.reason === 'conflict'
    ? ((refusal.current as Thing<Doc> | undefined) ?? null)
    : null
}
