import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { Session } from '../api.ts'
import { route } from '../navigation.ts'
import { signOut } from '../session.ts'
import { announce } from './announcer.tsx'

/** The bar above every screen: where one is, who one is, the way out. */
export function Header({ session }: { readonly session: Session | null }): JSX.Element {
  return (
    <header class="bar">
      <div class="bar-inside">
        <a class="brand" href="#/">
          <span class="brand-mark" aria-hidden="true" />
          Selvedge
        </a>
        {session && (
          <nav aria-label="Main">
            <a
              class="nav-link"
              href="#/"
              aria-current={route.value.screen === 'overview' ? 'page' : undefined}
            >
              Sites
            </a>
          </nav>
        )}
        {session && <Account session={session} />}
      </div>
    </header>
  )
}

function Account({ session }: { readonly session: Session }): JSX.Element {
  const failed = useSignal(false)
  const leave = async () => {
    const refusal = await signOut()
    failed.value = refusal !== null
    if (refusal) announce(`Still signed in. ${refusal.detail}`)
  }
  return (
    <div class="account">
      <span class="account-who">
        <span class="account-name">{session.subject}</span>
        <span class="badge">{session.role}</span>
      </span>
      <button type="button" onClick={leave}>
        {failed.value ? 'Try to sign out again' : 'Sign out'}
      </button>
    </div>
  )
}
