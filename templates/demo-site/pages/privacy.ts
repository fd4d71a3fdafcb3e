import { html } from '../markup.ts'
import type { Consent, Page, Visit } from './page.ts'

const CHOICES: readonly (readonly [consent: Consent, name: string, note: string])[] = [
  [
    'profile',
    'Accept all',
    'We count visits and remember what you look at, so that pages suit you.',
  ],
  ['measure', 'Measurement only', 'We count visits. What you look at is not kept with them.'],
  ['none', 'Decline', 'Nothing is stored beyond this answer and what your basket needs.'],
]

export function privacyPage({ consent }: Visit): Page {
  return {
    title: 'Privacy choices',
    description: 'What may be remembered of your visit, and how to change your mind.',
    main: html`<article class="prose">
<h1>Privacy choices</h1>
<p class="lead">You decide what we remember, and you can change your mind here at any time.</p>
<form id="privacy-form" class="privacy-form" method="post" action="/consent">
<input type="hidden" name="from" value="/privacy">
<fieldset><legend>What may we remember?</legend>
${CHOICES.map(
  ([
    id,
    name,
    note,
  ]) => html`<label class="choice"><input type="radio" name="choice" value="${id}" required${id === consent && html` checked`}><span><strong>${name}</strong>${note}</span></label>
`,
)}</fieldset>
<button class="button" type="submit">Save my choice</button>
</form>
<h2>What happens to it</h2>
<p>The answer is kept in a cookie named <code>consent</code> for 180 days. If you accept all, a sealed cookie carries an identifier and a short summary; the shop reads the summary when it chooses what to show first.</p>
<h2>What never happens</h2>
<p>We do not pass anything on, we do not follow you to other sites, and whatever you choose, the shop works and looks the same in every other way.</p>
</article>`,
  }
}
