import { html, type Markup } from '../markup.ts'
import { type Member, PLAN_NAMES } from '../members.ts'
import { offerList } from './offers.ts'
import type { Page, Visit } from './page.ts'

const LEVELS: readonly (readonly [what: string, member: string, gold: string])[] = [
  ['Points for every 100 kr', '5', '8'],
  ['Free re-proofing', 'Once a year', 'Twice a year'],
  ['Half-price resoling', 'One pair a season', 'As many as you wear out'],
  ['Early look at seconds', '—', 'Two days before'],
  ['Evenings in the shop', 'When there is room', 'A place kept for you'],
]

export function benefitsPage({ member }: Visit): Page {
  return {
    title: 'Member benefits',
    description: 'Offers for members this month, and what each level of membership gives.',
    main: html`<div class="page-head"><h1>Member benefits</h1>
<p>What you get for wearing things out slowly: offers for this month, and what comes with your level all year.</p></div>
<div id="account-panel" class="account-panel">
${member ? memberPanel(member) : guestPanel()}
</div>
<section class="band" aria-labelledby="offers-title">
<h2 id="offers-title">Offers this month</h2>
${offerList()}
</section>
<section class="band" aria-labelledby="levels-title">
<h2 id="levels-title">What your level gives</h2>
${levels()}
<p class="meta">You reach Gold with 2,000 points in a year, and keep it for the year after.</p>
</section>`,
  }
}

function guestPanel(): Markup {
  return html`<div class="panel">
<div><h2>See your points and your own offers</h2>
<p>Sign in and we put the offers that suit you first.</p></div>
<p><a class="button" href="/sign-in">Sign in</a> <a class="more" href="/join">Not a member yet?</a></p>
</div>`
}

function memberPanel({ givenName, plan, since }: Member): Markup {
  return html`<div class="panel">
<div><h2>Your membership</h2>
<p>${givenName}, you have been with us since ${since}. Your level is ${PLAN_NAMES[plan]}.</p></div>
</div>`
}

function levels(): Markup {
  return html`<div class="table-frame"><table>
<thead><tr><th scope="col">Benefit</th><th scope="col">Member</th><th scope="col">Gold</th></tr></thead>
<tbody>
${LEVELS.map(
  ([
    what,
    member,
    gold,
  ]) => html`<tr><th scope="row">${what}</th><td>${member}</td><td>${gold}</td></tr>
`,
)}</tbody>
</table></div>`
}
