import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Role, Session } from './api.ts'
import { ReportScreen } from './figures/report-screen.tsx'
import { Announcer } from './frame/announcer.tsx'
import { Header } from './frame/header.tsx'
import { Notice } from './frame/notice.tsx'
import { LazyStudio } from './lazy-studio.tsx'
import { route } from './navigation.ts'
import { type SiteRoute, toScreenKey } from './route.ts'
import { Overview } from './screens/overview.tsx'
import { SignIn } from './screens/sign-in.tsx'
import { Site } from './screens/site.tsx'
import { Unknown } from './screens/unknown.tsx'
import { checkSession, type SessionState, session } from './session.ts'
import { SiteFrame } from './site-frame/site-frame.tsx'
import { sites } from './sites.ts'

/** The frame that stays while screens come and go. */
export function App(): JSX.Element {
  const state = session.value
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: a skip link; the hash is the router's */}
      <a class="skip" href="#main" onClick={skip}>
        Skip to content
      </a>
      <Header session={state.kind === 'signed-in' ? state.session : null} />
      <main id="main" tabIndex={-1}>
        <Door state={state} />
      </main>
      <Announcer />
    </>
  )
}

/** Lets in who has a session; everybody else sees how to get one. */
function Door({ state }: { readonly state: SessionState }): JSX.Element {
  switch (state.kind) {
    case 'checking':
      return <Plain title="Selvedge console" text="Looking who is signed in…" />
    case 'unreachable':
      return <Unreachable detail={state.refusal.detail} />
    case 'none':
      return <SignIn refusal={state.refusal} />
    case 'signed-in':
      return <Inside session={state.session} />
  }
}

function Inside({ session }: { readonly session: Session }): JSX.Element {
  useEffect(() => sites.start(), [])
  const current = route.value
  const { role } = session
  if (current.screen === 'overview') return <Overview role={role} />
  if (current.screen === 'unknown') return <Unknown key={current.path} path={current.path} />
  return (
    <SiteFrame site={current.site} current={current}>
      <SiteScreen key={toScreenKey(current)} current={current} role={role} />
    </SiteFrame>
  )
}

interface ScreenProps {
  readonly current: SiteRoute
  readonly role: Role
}

/** What a site does comes at once; what makes and publishes comes in a chunk of its own. */
function SiteScreen({ current, role }: ScreenProps): JSX.Element {
  switch (current.screen) {
    case 'site':
      return <Site {...current} role={role} />
    case 'report':
      return <ReportScreen {...current} />
    default:
      return <LazyStudio current={current} role={role} />
  }
}

function Plain({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <>
      <h1>{title}</h1>
      <p class="loading">{text}</p>
    </>
  )
}

function Unreachable({ detail }: { readonly detail: string }): JSX.Element {
  return (
    <>
      <h1>Selvedge console</h1>
      <Notice tone="error" alert>
        <p>{detail} Visitors are not affected by this page.</p>
        <button type="button" onClick={() => void checkSession()}>
          Try again
        </button>
      </Notice>
    </>
  )
}

/** The hash names screens here, so the skip link moves the focus by itself. */
function skip(event: MouseEvent): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
