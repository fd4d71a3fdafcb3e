import type { Module } from '../../model/module.ts'
import type { Readable } from '../../model/subject.ts'
import { fillTemplate } from '../../render/fill.ts'
import { write } from '../../render/render.ts'
import { checkTemplate, type TemplateProblem } from '../../render/template.ts'

/**
 * Templates as pages get them: checked, filled and written by the very code of the worker. A chunk of
 * its own, since only who edits a module or a variant needs it.
 */
export type Preview =
  | { readonly kind: 'html'; readonly html: string }
  | { readonly kind: 'problems'; readonly problems: readonly TemplateProblem[] }

export type Content = Readonly<Record<string, unknown>>

/** A module filled with content, as somebody sees it of whom much is known. */
export function previewOf(module: Module, content: Content): Preview {
  const problems = problemsOf(module)
  if (problems.length > 0) return { kind: 'problems', problems }
  const segments = fillTemplate(module, content, { whole: true })
  return { kind: 'html', html: write(segments, VISITOR, 'preview') }
}

/** What keeps a template from being published. */
export function problemsOf(module: Module): readonly TemplateProblem[] {
  if (module.template.trim() === '') return []
  // Text without any element fills an attribute.
  const whole = module.template.includes('<')
  return checkTemplate(module, { whole })
}

const VISITOR: Readable = {
  signals: {
    ...{ country: 'SE', region: 'AB', city: 'Stockholm', continent: 'EU', device: 'desktop' },
    ...{ language: 'sv', referrer: '', campaign: { source: '', medium: '', name: '' } },
    ...{ hour: 10, weekday: 2, date: '2026-11-24', path: '/', bot: false, prefetch: false },
  },
  visitor: {
    ...{ tier: 2, returning: true, visits: 3, signedIn: true },
    campaign: { source: '', medium: '', name: '' },
    user: { name: 'Alex', tier: 'gold' },
  },
  profile: {},
}
