import type { JSX, TargetedSubmitEvent } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Refusal } from '../call.ts'
import { announce } from '../frame/announcer.tsx'
import { Notice } from '../frame/notice.tsx'
import { openPick, type SignedLink } from '../previews/api.ts'
import { loseSession } from '../session.ts'
import { type Pick, toPick } from './pick-message.ts'

interface Props {
  readonly site: string
  /** A page to begin with. */
  readonly start: string
  readonly onPick: (pick: Pick, path: string) => void
}

/** The site's own page, in which one points at an element. */
export function SlotPicker({ site, start, onPick }: Props): JSX.Element {
  const frame = useRef<HTMLIFrameElement>(null)
  const [path, setPath] = useState(start)
  const [link, setLink] = useState<SignedLink | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  usePicks(frame, link, (pick) => onPick(pick, path))
  const open = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const answer = await openPick(site, path)
    setRefusal(answer.ok ? null : answer.error)
    if (answer.ok) setLink(answer.value)
    else if (answer.error.reason === 'signed-out') loseSession()
  }
  return (
    <div class="picker">
      <form class="picker-bar" onSubmit={open}>
        <label for="pick-path">Page to point at</label>
        <input
          id="pick-path"
          type="text"
          inputMode="url"
          class="code"
          value={path}
          onInput={({ currentTarget }) => setPath(currentTarget.value)}
        />
        <button type="submit" class="primary">
          Open the page
        </button>
      </form>
      {refusal && (
        <Notice tone="error" alert>
          {refusal.detail}
        </Notice>
      )}
      {link && (
        <>
          <p class="hint">
            Point at an element and click it. By keyboard: Tab into the page, arrow keys walk
            through its elements, Enter picks, Esc gives up.
          </p>
          <iframe
            ref={frame}
            class="page-frame"
            title="The page, to point at an element"
            src={link.url}
            sandbox="allow-scripts allow-same-origin"
          />
        </>
      )}
    </div>
  )
}

/** Listens to the frame, and to nobody else: any page may send messages. */
function usePicks(
  frame: { readonly current: HTMLIFrameElement | null },
  link: SignedLink | null,
  onPick: (pick: Pick) => void,
): void {
  const latest = useRef(onPick)
  latest.current = onPick
  useEffect(() => {
    if (!link) return
    const origin = new URL(link.url, location.href).origin
    const listen = ({ source, origin: from, data }: MessageEvent) => {
      if (from !== origin || source !== frame.current?.contentWindow) return
      const pick = toPick(data)
      if (!pick) return
      latest.current(pick)
      announce(`Picked ${pick.tag}: ${pick.selector}`)
    }
    addEventListener('message', listen)
    return () => removeEventListener('message', listen)
  }, [link])
}
