import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Configuration } from '../../model/configuration.ts'
import { useAnswer } from '../asking.ts'
import { SAMPLES, type Sample } from '../audiences/sample.ts'
import { SampleFields } from '../audiences/sample-fields.tsx'
import { useDraft } from '../editing/draft.ts'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import { Heading } from '../frame/heading.tsx'
import { Notice } from '../frame/notice.tsx'
import { makePreview, type PreviewLink, type PreviewWish } from './api.ts'
import { ShareLink } from './share-link.tsx'
import { VariantChoices } from './variant-choices.tsx'

type Looking = Omit<PreviewWish, 'of' | 'minutes'>

/** Long enough to look; a link that is handed on is made for as long as that needs. */
const LOOKING_MINUTES = 60

const PATH: FieldSpec<keyof Looking> = {
  ...{ kind: 'text', name: 'path', label: 'Page', code: true, max: 512 },
  hint: 'The path of a page of the site: /products',
}

/** The site's own page with the draft on it, as a visitor whom one makes up. */
export function PreviewScreen({ site }: { readonly site: string }): JSX.Element {
  const { value: draft } = useDraft(site)
  const [looking, setLooking] = useState<Looking>({
    path: '/',
    visitor: SAMPLES.new?.sample ?? {},
    variants: {},
  })
  const see = (visitor: Sample) => setLooking({ ...looking, visitor })
  return (
    <>
      <Heading>Preview</Heading>
      <p class="hint">
        The draft on the site’s own page. Nothing is counted, and no visitor gets it.
      </p>
      <div class="preview-screen">
        <section class="card form" aria-labelledby="preview-whom">
          <h2 id="preview-whom">Who looks at what</h2>
          <Fields fields={[PATH]} value={looking} onChange={setLooking} />
          <SampleFields sample={looking.visitor} onChange={see} />
          <VariantChoices
            draft={draft}
            chosen={looking.variants}
            onChange={(variants) => setLooking({ ...looking, variants })}
          />
        </section>
        <Shown key={draft === null ? '' : fingerprint(draft)} site={site} looking={looking} />
      </div>
      <ShareLink site={site} wish={{ ...looking, of: 'draft' }} />
    </>
  )
}

/** Changes with the draft, so that what is shown is what is saved. */
const fingerprint = (draft: Configuration) => JSON.stringify(draft)

interface ShownProps {
  readonly site: string
  readonly looking: Looking
}

const WIDTHS = { desktop: 'As wide as there is room', phone: 'Phone, 390 px' } as const

function Shown({ site, looking }: ShownProps): JSX.Element {
  const [width, setWidth] = useState<keyof typeof WIDTHS>('desktop')
  const wish: PreviewWish = { ...looking, of: 'draft', minutes: LOOKING_MINUTES }
  const { value, refusal, pending } = useAnswer(JSON.stringify(wish), () => makePreview(site, wish))
  const mistakes = refusal?.reason === 'refused' ? (refusal.mistakes ?? []) : []
  return (
    <section class="card form" aria-labelledby="preview-page" aria-busy={pending}>
      <div class="card-head">
        <h2 id="preview-page">The page</h2>
        <label class="width">
          <span class="unseen">Width of the page</span>
          <select
            value={width}
            onChange={({ currentTarget }) =>
              setWidth(currentTarget.value === 'phone' ? 'phone' : 'desktop')
            }
          >
            {Object.entries(WIDTHS).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
      {refusal && (
        <Notice tone="warning">
          <div>
            <p>There is nothing to show yet. {refusal.detail}</p>
            {mistakes.map(({ pointer, detail }) => (
              <p key={pointer + detail}>{detail}</p>
            ))}
          </div>
        </Notice>
      )}
      {value === null && refusal === null && <p class="loading">Loading the page…</p>}
      {value && <PageFrame link={value} width={width} />}
    </section>
  )
}

/** The page's own scripts run, but not as the site: they have no cookies, and do not get out. */
function PageFrame({
  link,
  width,
}: {
  readonly link: PreviewLink
  readonly width: keyof typeof WIDTHS
}): JSX.Element {
  return (
    <iframe
      class={`page-frame page-frame-${width}`}
      title="The page as this visitor gets it"
      sandbox="allow-scripts"
      src={link.url}
    />
  )
}
