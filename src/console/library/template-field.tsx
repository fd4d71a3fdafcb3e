import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useForm } from '../form/context.ts'
import type { TemplateEditor } from './template-editor.ts'

interface Props {
  readonly value: string
  /** What is wrong with the template, a sentence each. */
  readonly problems: readonly string[]
  /** Names that may stand in double braces. */
  readonly names: readonly string[]
  readonly onChange: (value: string) => void
}

/** The template in an editor for HTML, which comes in a chunk of its own. */
export function TemplateField({ value, problems, names, onChange }: Props): JSX.Element {
  const { locked } = useForm()
  const place = useRef<HTMLDivElement>(null)
  const editor = useRef<TemplateEditor | null>(null)
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading')
  const change = useRef(onChange)
  change.current = onChange
  useEffect(() => {
    let gone = false
    import('./template-editor.ts')
      .then(({ createTemplateEditor }) => {
        if (gone || place.current === null) return
        editor.current = createTemplateEditor(place.current, {
          value,
          locked,
          onChange: (text) => change.current(text),
        })
        setState('ready')
      })
      .catch(() => setState('failed'))
    return () => {
      gone = true
      editor.current?.destroy()
      editor.current = null
    }
  }, [])
  useEffect(() => {
    editor.current?.show(problems, names)
  }, [problems, names, state])
  return (
    <div class="field">
      <span class="label">Template</span>
      {state === 'loading' && <p class="loading">Loading the editor…</p>}
      {state === 'failed' && (
        <textarea
          aria-label="Template"
          class="code"
          rows={16}
          spellcheck={false}
          value={value}
          disabled={locked}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )}
      <div ref={place} class="template-editor" hidden={state !== 'ready'} />
      <p class="hint">
        HTML with one root element; <code>{'{{title}}'}</code> writes a field,{' '}
        <code>{'{{#items}}…{{/items}}'}</code> repeats a list. Esc, then Tab, leaves the editor.
      </p>
      <ul class="problems" aria-live="polite">
        {problems.map((problem) => (
          <li key={problem} class="mistake">
            {problem}
          </li>
        ))}
      </ul>
    </div>
  )
}
