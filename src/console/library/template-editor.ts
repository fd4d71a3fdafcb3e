import { autocompletion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { html } from '@codemirror/lang-html'
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { placeOf } from './problem-place.ts'

export interface TemplateEditor {
  /** Marks what is wrong, and offers these names. */
  show(problems: readonly string[], names: readonly string[]): void
  destroy(): void
}

interface Options {
  readonly value: string
  readonly locked: boolean
  readonly onChange: (value: string) => void
}

/**
 * CodeMirror for a template. In a shadow root, where its styles are adopted sheets: elements of style
 * are not allowed by the console's content security policy.
 */
export function createTemplateEditor(place: HTMLElement, options: Options): TemplateEditor {
  const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' })
  let names: readonly string[] = []
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.value,
      extensions: extensionsFor(options, () => names),
    }),
  })
  return {
    show(problems, known) {
      names = known
      const text = view.state.doc.toString()
      const marks = problems.map((message): Diagnostic => {
        return { ...placeOf(message, text), severity: 'error', message }
      })
      view.dispatch(setDiagnostics(view.state, marks))
    },
    destroy: () => view.destroy(),
  }
}

function extensionsFor({ locked, onChange }: Options, names: () => readonly string[]): Extension[] {
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    html({ matchClosingTags: true, autoCloseTags: true }),
    syntaxHighlighting(isDark() ? DARK : LIGHT),
    lintGutter(),
    autocompletion({ override: [(context) => completeName(context, names())] }),
    EditorView.lineWrapping,
    EditorState.readOnly.of(locked),
    EditorView.contentAttributes.of({ 'aria-label': 'Template' }),
    keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) onChange(state.doc.toString())
    }),
    LOOK,
  ]
}

/** Offers the names of fields behind two braces. */
function completeName(context: CompletionContext, names: readonly string[]) {
  const typed = context.matchBefore(/\{\{[#^/]?\w*/)
  if (!typed) return null
  const from = typed.from + (/^\{\{[#^/]?/.exec(typed.text)?.[0].length ?? 0)
  return { from, options: names.map((label) => ({ label, type: 'variable' })) }
}

const isDark = () => matchMedia('(prefers-color-scheme: dark)').matches

/** The console's colours, which reach into the shadow root. */
const LOOK = EditorView.theme({
  '&': { backgroundColor: 'var(--ground)', color: 'var(--ink)', fontSize: '0.875rem' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '2px' },
  '.cm-content': {
    fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, "Liberation Mono", monospace',
    minHeight: '14rem',
    caretColor: 'var(--ink)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': {
    backgroundColor: 'var(--sunken)',
    color: 'var(--ink-soft)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '.cm-scroller': { maxHeight: '32rem', overflow: 'auto' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    color: 'var(--ink)',
    border: '1px solid var(--line-strong)',
  },
})

/** Colours that stand out enough from the ground (WCAG 2.2, 1.4.3). */
const LIGHT = HighlightStyle.define([
  { tag: tags.tagName, color: '#1f4fa8' },
  { tag: tags.attributeName, color: '#7a4d00' },
  { tag: [tags.string, tags.attributeValue], color: '#1d6b45' },
  { tag: tags.comment, color: '#565d6e' },
  { tag: tags.angleBracket, color: '#565d6e' },
])

const DARK = HighlightStyle.define([
  { tag: tags.tagName, color: '#8ec5ff' },
  { tag: tags.attributeName, color: '#f0c06a' },
  { tag: [tags.string, tags.attributeValue], color: '#7fd6a8' },
  { tag: tags.comment, color: '#a6adbd' },
  { tag: tags.angleBracket, color: '#a6adbd' },
])
