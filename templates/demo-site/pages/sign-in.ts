import { html } from '../markup.ts'
import { MEMBERS, PLAN_NAMES } from '../members.ts'
import type { Page } from './page.ts'

export function signInPage(): Page {
  return {
    title: 'Sign in',
    description: 'Choose a demo member to sign in as.',
    main: html`<div class="page-head"><h1>Sign in</h1>
<p>This is a demonstration: there are no passwords and no real accounts. Choose who you would like to be for an hour.</p></div>
<form class="people" method="post" action="/sign-in">
${MEMBERS.map(
  (member) => html`<button class="person" name="member" value="${member.id}" data-goal="signed_in">
<span class="avatar avatar-${member.plan}" aria-hidden="true">${member.givenName.slice(0, 1)}</span>
<strong>${member.givenName}</strong>
<span class="plan plan-${member.plan}">${PLAN_NAMES[member.plan]}</span>
<span class="about">${member.about}</span>
<span class="more" aria-hidden="true">Sign in as ${member.givenName}</span>
</button>
`,
)}</form>`,
  }
}
