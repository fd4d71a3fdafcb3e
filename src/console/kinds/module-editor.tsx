import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Module } from '../../model/module.ts'
import { mistakesAt, useForm } from '../form/context.ts'
import { FragmentFrame } from '../library/fragment-frame.tsx'
import { ModuleFields } from '../library/module-fields.tsx'
import { sampleContent } from '../library/sample-content.ts'
import { TemplateField } from '../library/template-field.tsx'
import type { KindEditorProps } from './editor-props.ts'

export const blankModule: Module = {
  id: '',
  name: '',
  template: '<section>\n  <h2>{{title}}</h2>\n</section>\n',
  fields: { title: { kind: 'text', label: 'Title', required: true, max: 120 } },
}

/** Template and fields, with what they make beside them. */
export function ModuleEditor({ site, doc, onChange }: KindEditorProps<'modules'>): JSX.Element {
  const { mistakes } = useForm()
  const found = useProblems(doc)
  const refused = mistakesAt(mistakes, '/template').map(({ detail }) => detail)
  const problems = useMemo(() => [...new Set([...found, ...refused])], [found, refused.join()])
  const names = useMemo(() => Object.keys(doc.fields), [doc.fields])
  const content = useMemo(() => sampleContent(doc.fields), [doc.fields])
  return (
    <div class="beside">
      <section class="card form" aria-label="Template and fields">
        <TemplateField
          value={doc.template}
          problems={problems}
          names={names}
          onChange={(template) => onChange({ ...doc, template })}
        />
        <ModuleFields fields={doc.fields} onChange={(fields) => onChange({ ...doc, fields })} />
      </section>
      <section class="card" aria-label="Preview">
        <h2>With sample content</h2>
        <FragmentFrame
          site={site}
          module={doc}
          content={content}
          title="The module with sample content"
        />
      </section>
    </div>
  )
}

const NONE: readonly string[] = []

/** What is wrong with the template, found where it is written. */
function useProblems(module: Module): readonly string[] {
  const [problems, setProblems] = useState(NONE)
  useEffect(() => {
    let latest = true
    void import('../library/template-preview.ts').then(({ problemsOf }) => {
      if (latest) setProblems(problemsOf(module).map(({ detail }) => detail))
    })
    return () => {
      latest = false
    }
  }, [module])
  return problems
}
