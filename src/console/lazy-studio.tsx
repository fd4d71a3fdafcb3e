import type { FunctionComponent, JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Role } from './api.ts'
import { Notice } from './frame/notice.tsx'
import type { StudioRoute } from './route.ts'

interface Props {
  readonly current: StudioRoute
  readonly role: Role
}

let loaded: FunctionComponent<Props> | null = null

/** The screens that make and publish, once they are here. */
export function LazyStudio(props: Props): JSX.Element {
  const [Studio, setStudio] = useState(() => loaded)
  const [failed, setFailed] = useState(false)
  const load = () => {
    setFailed(false)
    import('./studio.tsx').then(
      (studio) => {
        loaded = studio.Studio
        setStudio(() => loaded)
      },
      () => setFailed(true),
    )
  }
  useEffect(() => {
    if (loaded === null) load()
  }, [])
  if (Studio) return <Studio {...props} />
  if (!failed) return <p class="loading">Loading…</p>
  return (
    <Notice tone="error" alert>
      <p>This part of the console could not be loaded.</p>
      <button type="button" onClick={load}>
        Try again
      </button>
    </Notice>
  )
}
