import { useSignal } from '@preact/signals'
import type { JSX, TargetedSubmitEvent } from 'preact'
import { useRef } from 'preact/hooks'
import type { Refusal } from '../call.ts'
import { Heading } from '../frame/heading.tsx'
import { Notice } from '../frame/notice.tsx'
import { signIn } from '../session.ts'
import { tokenFromPaste } from '../token.ts'

/** How to get in: by a link, or by pasting its token. */
export function SignIn({ refusal }: { readonly refusal: Refusal | null }): JSX.Element {
  return (
    <div class="narrow">
      <Heading>Sign in</Heading>
      {refusal && (
        <Notice tone={refusal.reason === 'signed-out' ? 'warning' : 'error'} alert>
          {refusal.detail}
        </Notice>
      )}
      <p>
        The console has no passwords. Whoever runs Selvedge gives you a sign-in link for your role;
        opening it signs you in. To make one, run in the project’s folder:
      </p>
      <pre>
        <code>npm run token -- --role marketer --link</code>
      </pre>
      <p class="hint">
        Roles: a <b>marketer</b> reads figures, an <b>editor</b> also changes what visitors get, an{' '}
        <b>owner</b> may do everything.
      </p>
      <TokenForm />
    </div>
  )
}

function TokenForm(): JSX.Element {
  const field = useRef<HTMLInputElement>(null)
  const mistake = useSignal('')
  const pending = useSignal(false)
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (pending.value) return
    const token = tokenFromPaste(field.current?.value ?? '')
    mistake.value = token === null ? 'Paste the whole sign-in link, or the token from it.' : ''
    if (token === null) return field.current?.focus()
    pending.value = true
    await signIn(token)
    pending.value = false
  }
  return (
    <form class="card" onSubmit={submit} noValidate>
      <label for="token">Sign-in link or token</label>
      <input
        id="token"
        ref={field}
        type="text"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={mistake.value !== ''}
        aria-describedby="token-mistake"
      />
      <p id="token-mistake" class="mistake" role="alert">
        {mistake.value}
      </p>
      <button type="submit" class="primary" aria-disabled={pending.value}>
        {pending.value ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  )
}
