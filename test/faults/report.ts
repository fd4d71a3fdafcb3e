import type { Row } from './try.ts'

const COLUMNS = ['fault', 'requests', 'complete', 'how visitors fared', 'failures'] as const

/** Rows as lines of a Markdown table, one table for each group. */
export function toTables(rows: readonly Row[]): string {
  const groups = Map.groupBy(rows, ({ group }) => group)
  return [...groups].map(([group, own]) => `## ${group}\n\n${toTable(own)}`).join('\n\n')
}

function toTable(rows: readonly Row[]): string {
  const cells = [COLUMNS, COLUMNS.map(() => '---'), ...rows.map(toCells)]
  return cells.map((line) => `| ${line.join(' | ')} |`).join('\n')
}

function toCells({ name, requests, complete, how, failures }: Row): string[] {
  return [
    name,
    String(requests),
    String(complete),
    toWords(how),
    failures ? `**${failures}**` : '0',
  ]
}

/** `personal 190, as a guest (profile_timeout) 10`: what happened most comes first. */
function toWords(how: ReadonlyMap<string, number>): string {
  return [...how]
    .sort(([, a], [, b]) => b - a)
    .map(([words, count]) => `${words} ${count}`)
    .join(', ')
}

/** Failures in words, or nothing when there are none. */
export function toFailures(rows: readonly Row[]): string {
  const failed = rows.filter(({ failures }) => failures > 0)
  if (failed.length === 0) return ''
  const lines = failed.flatMap(({ group, name, examples }) => [
    `- **${group}: ${name}**`,
    ...examples.map((example) => `  - ${example.replaceAll('|', '\\|')}`),
  ])
  return `## Failures\n\n${lines.join('\n')}`
}

const HEAD = `# What the site behind Selvedge can rely on

\`npm run test:faults\` writes this page. It puts the real worker, in a workerd of its own, before an origin that follows a
script, breaks one thing at a time, and asks for pages as a stranger, as a browser that is known and as a member who is
signed in. Every answer is compared with the page as the origin sent it, byte for byte outside the slots.

- **complete** counts the answers that ended as they said they would (\`Content-Length\` reached, last chunk seen).
- **personal**: every slot filled as it is when all is well. **as a guest**: filled, without what could not be read of the
  visitor. **in part**: the slots that could be seen. **origin’s page**: exactly what the origin sent. In brackets stands
  the reason from \`Server-Timing\`; “by the platform” is what \`passThroughOnException\` does.
- A **failure** is an answer that is cut off without need, differs outside its slots, may be cached although it is
  personal, gives no reason for being less than personal, or a site that is not well again 15 s after the fault is over.
`

const TAIL = `## What is not injected here

- Limits that only production has: CPU time, 128 MB of memory, overload of Durable Objects and D1, the time that
  configuration takes to travel. workerd enforces none of them.
- \`passThroughOnException\`: workerd would send the request back to itself, so the levered worker does what the platform
  does and asks the origin.
- Objects that say they are overloaded, or that a call may be repeated: only the platform can mark an error so. A page
  view takes every error of an object alike.
- Disk full and damaged database pages; loss of single packets; a clock that jumps while a request is under way.
- \`wrangler dev\` stands in front of nothing here: its proxy parses every HTML response itself, so that ambiguous markup
  and unusual charsets fail in it whatever the worker did.
`

/** The page `docs/faults.md`. */
export function toDocument(rows: readonly Row[]): string {
  return [HEAD, toTables(rows), toFailures(rows), TAIL].filter((part) => part !== '').join('\n')
}
