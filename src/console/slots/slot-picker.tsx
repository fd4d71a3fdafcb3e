import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useAnswer } from '../asking.ts'
import { announce } from '../frame/announcer.tsx'
import { Notice } from '../frame/notice.tsx'
import { useLoaded } from '../loading.ts'
import { findSelectors, openPick, type Picked, toPicked, toVerdict } from './picking.ts'

interface Props {
  readonly site: string
  /** The page to begin with. */
  readonly start: string
  readonly onUse: (selector: string, path: string) => void
}

/** The site's own page, at whose elements one points; each gets selectors that find it again. */
export function SlotPicker({ site, start, onUse }: Props): JSX.Element {
  const [path, setPath] = useState(start)
  const typed = useRef<HTMLInputElement>(null)
  const open = () => setPath(typed.current?.value || '/')
  return (
    <section class="card form picker" aria-labelledby="picker-title">
      <h2 id="picker-title">Pick on the page</h2>
      <p class="hint">
        Click an element, or press Tab to the page, walk through it by the arrow keys and press
        Enter. The page is shown as its origin sends it, without its scripts: only what is there can
        be a slot.
      </p>
      <div class="picker-bar">
        <label for="picker-path">Page</label>
        <input
          id="picker-path"
          class="code"
          ref={typed}
          defaultValue={start}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            open()
          }}
        />
        <button type="button" onClick={open}>
          Open
        </button>
      </div>
      <PickFrame key={path} site={site} path={path} onUse={(selector) => onUse(selector, path)} />
    </section>
  )
}

interface FrameProps {
  readonly site: string
  readonly path: string
  readonly onUse: (selector: string) => void
}

function PickFrame({ site, path, onUse }: FrameProps): JSX.Element {
  const { value, refusal } = useLoaded(`pick ${site} ${path}`, () => openPick(site, path))
  const frame = useRef<HTMLIFrameElement>(null)
  const picked = useSignal<Picked | null>(null)
  useEffect(() => {
    const hear = ({ source, data }: MessageEvent) => {
      if (source !== frame.current?.contentWindow) return
      const told = toPicked(data)
      if (told === null) return
      picked.value = told
      announce(`Picked: ${told.selectors[0] ?? told.tag}`)
    }
    addEventListener('message', hear)
    return () => removeEventListener('message', hear)
  }, [])
  if (refusal) {
    return (
      <Notice tone="warning" alert>
        The page cannot be opened. {refusal.detail}
      </Notice>
    )
  }
  if (value === null) return <p class="loading">Loading the page…</p>
  return (
    <>
      <iframe
        ref={frame}
        class="page-frame"
        title="The site’s page, to pick from"
        sandbox="allow-scripts"
        src={value.url}
      />
      {picked.value && <Suggestions site={site} path={path} picked={picked.value} onUse={onUse} />}
    </>
  )
}

interface SuggestionsProps extends FrameProps {
  readonly picked: Picked
}

/** Each selector with what the worker's own parser finds by it on the page. */
function Suggestions({ site, path, picked, onUse }: SuggestionsProps): JSX.Element {
  const { selectors, tag, text } = picked
  const { value, refusal, pending } = useAnswer(JSON.stringify([path, selectors]), () =>
    findSelectors(site, path, selectors.length > 0 ? selectors : [tag]),
  )
  return (
    <div class="picked" aria-live="polite" aria-busy={pending}>
      <p>
        <b>{tag}</b> <span class="hint">{text}</span>
      </p>
      {selectors.length === 0 && (
        <p>Nothing here tells this element from others. Pick what it stands in.</p>
      )}
      {refusal && <p class="hint">{refusal.detail}</p>}
      {value?.matches === null && (
        <p class="hint">The page could not be looked at for a check ({value.why}).</p>
      )}
      <ul class="suggestion-list">
        {selectors.map((selector) => {
          const { good, words } = toVerdict(value?.matches?.[selector])
          return (
            <li key={selector}>
              <code>{selector}</code>
              <span class={good ? 'badge badge-on' : 'badge badge-off'}>
                {pending ? 'looking…' : words}
              </span>
              <button type="button" onClick={() => onUse(selector)}>
                Use<span class="unseen"> {selector}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
