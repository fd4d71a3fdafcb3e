import { signal } from '@preact/signals'
import { closeSession, openSession, type Role, readSession, type Session } from './api.ts'
import type { Refusal } from './call.ts'
import { tokenFromHash } from './token.ts'

export type SessionState =
  | { readonly kind: 'checking' }
  | { readonly kind: 'unreachable'; readonly refusal: Refusal }
  /** Nobody is signed in; `refusal` says why, where there is something to say. */
  | { readonly kind: 'none'; readonly refusal: Refusal | null }
  | { readonly kind: 'signed-in'; readonly session: Session }

export const session = signal<SessionState>({ kind: 'checking' })

/**
 * Signs in where the address carries a token, now or later, and else asks whether a session is
 * open. Comes before whatever reads a route from the address.
 */
export async function startSession(): Promise<void> {
  addEventListener('hashchange', () => {
    const token = takeToken()
    if (token !== null) void signIn(token)
  })
  const token = takeToken()
  await (token === null ? checkSession() : signIn(token))
}

/** Asks who is signed in. */
export async function checkSession(): Promise<void> {
  const answer = await readSession()
  if (answer.ok) session.value = { kind: 'signed-in', session: answer.value }
  else if (answer.error.reason === 'signed-out') session.value = { kind: 'none', refusal: null }
  else session.value = { kind: 'unreachable', refusal: answer.error }
}

/** Trades a sign-in token for a session cookie. */
export async function signIn(token: string): Promise<void> {
  const answer = await openSession(token)
  if (answer.ok) await checkSession()
  else session.value = { kind: 'none', refusal: answer.error }
}

/** Ends the session; the refusal, when it could not be ended. */
export async function signOut(): Promise<Refusal | null> {
  const answer = await closeSession()
  if (!answer.ok && answer.error.reason !== 'signed-out') return answer.error
  session.value = { kind: 'none', refusal: null }
  return null
}

/** Notes that the server no longer knows the session. */
export function loseSession(): void {
  const refusal: Refusal = { reason: 'signed-out', detail: 'Your session has ended.' }
  if (session.value.kind === 'signed-in') session.value = { kind: 'none', refusal }
}

/** May this role change what visitors get? */
export function maySwitch(role: Role): boolean {
  return role === 'editor' || role === 'owner'
}

/** Takes the token out of the address at once, before it can be bookmarked, shared or logged. */
function takeToken(): string | null {
  const token = tokenFromHash(location.hash)
  if (token !== null) history.replaceState(null, '', `${location.pathname}#/`)
  return token
}

/** May this role write drafts? */
export function mayEdit(role: Role): boolean {
  return role === 'editor' || role === 'owner'
}
