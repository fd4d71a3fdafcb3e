import type { Outcome, Round } from './rounds.ts'

const COLUMNS = ['acknowledged', 'unanswered', 'kept', 'resent', 'lost', 'double'] as const

/** Rounds as lines of a Markdown table, with their sums. */
export function toTable(rounds: readonly Round[]): string {
  const sums = COLUMNS.map((column) => rounds.reduce((sum, round) => sum + round[column], 0))
  const lines = [
    ['round', ...COLUMNS],
    ['--:', ...COLUMNS.map(() => '--:')],
    ...rounds.map((round, n) => [n + 1, ...COLUMNS.map((column) => round[column])]),
    ['all', ...sums],
  ]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const HEAD = `# What happens to events when the worker is killed

\`npm run test:crash\` writes this page. It puts the real worker, in a workerd of its own, under a load of event batches
by \`POST /_sv/v1/batch\`: visitors ask for a page, take the signed token out of it, and report what became of the page's
variants, and purchases, page views and other events, in any order, some of them twice. At a random moment workerd is
ended by \`kill -9\`, what it left on disk is read, and it is started again. Clients send again what was not acknowledged,
under the same message ids.

- **acknowledged**: events answered 200. **unanswered**: events under way when the worker was killed; **kept** of those
  were on disk all the same. **resent**: what clients sent again, unanswered or not.
- **lost**: acknowledged, and not on disk after the kill; or an id on disk whose event is missing in its visitor’s profile.
- **double**: counted in a profile more often than there are events.

In the end all events that clients know of are in the shards, each once, and per arm and counter (exposures by step,
rewards, their worth, its square, and delay) the clients’ own book, the visitor shards’ totals, what learners heard and
the report from the database are equal, to a thousandth.
`

const TAIL = `## What is not shown here

- Loss of power, where the disk forgets what it said it had written. On Cloudflare an answer waits until a write is
  confirmed by several machines; here it waits for the operating system.
- Several machines: objects that move, and calls between places.
`

/** The page `docs/crashes.md`. */
export function toDocument({ rounds, wrong }: Outcome, result: object): string {
  const failures =
    wrong.length > 0 ? [`## Failures\n\n${wrong.map((one) => `- ${one}`).join('\n')}\n`] : []
  const line = `\`\`\`json\n${JSON.stringify(result)}\n\`\`\`\n`
  return [HEAD, `${toTable(rounds)}\n`, line, ...failures, TAIL].join('\n')
}
