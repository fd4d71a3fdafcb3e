import { html, raw } from 'hono/html'
import { PROBLEMS } from '../../problem.ts'
import type { Answer, Operation } from './operation.ts'

/** A page of markup, escaped. */
type Markup = ReturnType<typeof html>

/** The reference for people: the same operations as the document, by what they are about. */
export function toPage(operations: readonly Operation[]): Markup {
  const byTag = Map.groupBy(operations, ({ tag }) => tag)
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Selvedge API</title>
<link rel="stylesheet" href="/_sv/reference.css">
<body>
<h1>The editors’ API</h1>
<p>Everything here stands under <code>/_sv/api/v1</code>, and is described for machines by
<a href="/_sv/api/v1/openapi.json">openapi.json</a> (OpenAPI 3.1). Send a bearer token of <code>npm run token</code>; the
console’s pages have a session. Errors are <code>application/problem+json</code> (RFC 9457) with a stable code, and each mistake
has a JSON pointer to its field. Whoever changes a thing names the version they read by <code>If-Match</code>.</p>
<nav aria-label="Parts"><ul>${[...byTag.keys()].map((tag) => html`<li><a href="#${tag}">${tag}</a></li>`)}</ul></nav>
<main>${[...byTag].map(([tag, all]) => html`<section id="${tag}"><h2>${tag}</h2>${all.map(toArticle)}</section>`)}</main>
</body>
</html>`
}

function toArticle(operation: Operation): Markup {
  const { id, method, path, summary, role, query, condition, body, media, answers } = operation
  const rows: readonly (readonly [string, Markup | string | undefined])[] = [
    ['Who', role ? `${role}s and above` : 'anybody with a token'],
    ['Query', query && join(query.map(({ name, about }) => html`<code>${name}</code> ${about}`))],
    ['Version', condition && CONDITIONS[condition]],
    [
      'Sends',
      body
        ? html`<code>${body.name}Input</code>${body.optional ? ', or nothing' : ''}`
        : media?.join(', '),
    ],
    ['Answers', join(Object.entries(answers).map(([status, answer]) => toAnswer(status, answer)))],
    ['Problems', toProblems(operation)],
  ]
  return html`<article id="${id}"><h3><b>${method.toUpperCase()}</b> ${path}</h3><p>${summary}</p><dl>${rows.map(
    ([term, text]) => (text ? html`<dt>${term}</dt><dd>${text}</dd>` : ''),
  )}</dl></article>`
}

const CONDITIONS = {
  must: 'If-Match or If-None-Match is required',
  may: 'held to If-Match or If-None-Match where it is sent',
} as const

function toAnswer(status: string, answer: Answer): Markup {
  switch (answer.kind) {
    case 'empty':
      return html`${status}, nothing`
    case 'text':
      return html`${status}, ${answer.media}`
    case 'json':
      return html`${status} <code>${answer.name}</code>`
  }
}

function toProblems({ problems }: Operation): Markup | undefined {
  if (problems.length === 0) return undefined
  return join(problems.map((type) => html`${PROBLEMS[type][0]} <code>${type}</code>`))
}

function join(parts: readonly Markup[]): Markup {
  return html`${parts.map((part, place) => html`${place > 0 ? raw('<br>') : ''}${part}`)}`
}
