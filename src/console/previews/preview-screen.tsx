import { useSignal } from '@preact/signals'
import type { JSX, TargetedSubmitEvent } from 'preact'
import { useState } from 'preact/hooks'
import type { Configuration } from '../../model/configuration.ts'
import type { Refusal } from '../call.ts'
import { useDraft } from '../editing/draft.ts'
import { toNames } from '../experiences/names.ts'
import { announce } from '../frame/announcer.tsx'
import { Heading } from '../frame/heading.tsx'
import { Notice } from '../frame/notice.tsx'
import { format } from '../reader.ts'
import { loseSession } from '../session.ts'
import { openPreview, type SignedLink } from './api.ts'
import { SAMPLES, type Sample } from './sample.ts'
import { SampleFields } from './sample-fields.tsx'

/** Widths to look at a page in, in CSS pixels; the whole room unless given. */
const WIDTHS: readonly (readonly [string, number | null])[] = [
  ['Full', null],
  ['Desktop', 1280],
  ['Tablet', 820],
  ['Phone', 390],
]

/** The draft on the site's real pages, through the eyes of whoever one likes. */
export function PreviewScreen({ site }: { readonly site: string }): JSX.Element {
  const { value: draft } = useDraft(site)
  const [path, setPath] = useState('/')
  const [sample, setSample] = useState<Sample>(SAMPLES.new?.sample ?? {})
  const [variants, setVariants] = useState<Readonly<Record<string, string>>>({})
  const link = useSignal<SignedLink | null>(null)
  const refusal = useSignal<Refusal | null>(null)
  const pending = useSignal(false)
  const open = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (pending.value) return
    pending.value = true
    const answer = await openPreview(site, { of: 'draft', path, visitor: sample, variants })
    pending.value = false
    refusal.value = answer.ok ? null : answer.error
    if (answer.ok) link.value = answer.value
    else if (answer.error.reason === 'signed-out') loseSession()
  }
  return (
    <>
      <Heading>Preview</Heading>
      <p class="hint">The saved draft, made by the worker itself. It counts in no figure.</p>
      <div class="beside beside-narrow">
        <form class="card form" onSubmit={open}>
          <div class="field">
            <label for="preview-path">Page</label>
            <input
              id="preview-path"
              type="text"
              class="code"
              list="preview-paths"
              value={path}
              onInput={({ currentTarget }) => setPath(currentTarget.value)}
            />
            <datalist id="preview-paths">
              {toPaths(draft).map((known) => (
                <option key={known} value={known} />
              ))}
            </datalist>
          </div>
          <SampleFields sample={sample} onChange={setSample} />
          <Overrides draft={draft} variants={variants} onChange={setVariants} />
          {refusal.value && (
            <Notice tone="error" alert>
              {refusal.value.detail}
            </Notice>
          )}
          <button type="submit" class="primary" aria-disabled={pending.value}>
            {pending.value ? 'One moment…' : 'Show the page'}
          </button>
        </form>
        {link.value ? (
          <PageFrame link={link.value} />
        ) : (
          <div class="empty">
            <p>Choose a page and a visitor.</p>
            <p>The page is then shown here, as that visitor would get it.</p>
          </div>
        )}
      </div>
    </>
  )
}

/** Pages of the draft's slots that stand for themselves. */
function toPaths(draft: Configuration | null): readonly string[] {
  const pages = draft?.slots.flatMap((slot) => slot.pages) ?? []
  return [...new Set(['/', ...pages.filter((page) => !/[*:{(]/.test(page))])]
}

interface OverridesProps {
  readonly draft: Configuration | null
  readonly variants: Readonly<Record<string, string>>
  readonly onChange: (variants: Readonly<Record<string, string>>) => void
}

/** Variants that are to be shown whatever would be decided. */
function Overrides({ draft, variants, onChange }: OverridesProps): JSX.Element | null {
  const experiences = draft?.experiences ?? []
  const name = toNames(draft)
  if (experiences.length === 0) return null
  const choose = (experience: string, variant: string) => {
    const others = Object.entries(variants).filter(([id]) => id !== experience)
    onChange(Object.fromEntries(variant === '' ? others : [...others, [experience, variant]]))
  }
  return (
    <details>
      <summary>Choose variants yourself</summary>
      <div class="sample-fields">
        {experiences.map((experience) => (
          <div class="field" key={experience.id}>
            <label for={`override-${experience.id}`}>{experience.name || experience.id}</label>
            <select
              id={`override-${experience.id}`}
              value={variants[experience.id] ?? ''}
              onChange={({ currentTarget }) => choose(experience.id, currentTarget.value)}
            >
              <option value="">As decided</option>
              {experience.variants.map(({ variant }) => (
                <option key={variant} value={variant}>
                  {name('variants', variant)}
                </option>
              ))}
            </select>
          </div>
        ))}
      </div>
    </details>
  )
}

function PageFrame({ link }: { readonly link: SignedLink }): JSX.Element {
  const [width, setWidth] = useState<number | null>(null)
  const copy = async () => {
    const copied = await navigator.clipboard.writeText(link.url).then(
      () => true,
      () => false,
    )
    announce(copied ? 'The link is copied.' : 'The browser does not let the link be copied.')
  }
  return (
    <section class="page" aria-label="The page">
      <div class="toolbar">
        <fieldset class="widths">
          <legend class="unseen">Width</legend>
          {WIDTHS.map(([label, pixels]) => (
            <button
              key={label}
              type="button"
              aria-pressed={width === pixels}
              onClick={() => setWidth(pixels)}
            >
              {label}
            </button>
          ))}
        </fieldset>
        <a class="button push" href={link.url} target="_blank" rel="noreferrer">
          Open in a tab
        </a>
        <button type="button" onClick={() => void copy()}>
          Copy link
        </button>
      </div>
      <p class="hint">The link works until {format.moment(new Date(link.expiresAt).getTime())}.</p>
      <div class="page-room">
        <iframe
          class="page-frame"
          title="The page as this visitor gets it"
          src={link.url}
          width={width ?? undefined}
          data-wide={width === null}
          sandbox="allow-scripts allow-same-origin allow-forms"
        />
      </div>
    </section>
  )
}
