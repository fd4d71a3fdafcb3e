import { createReadStream, statSync } from 'node:fs'
import { extname } from 'node:path'
import { parseArgs } from 'node:util'
import { createApiClient, ownerToken } from './api-client.ts'
import { importFile } from './import-file.ts'
import { createBar } from './progress.ts'
import { localKeys, STATE_FOLDER } from './secrets.ts'

const HELP = `npm run people -- import --site ID --source crm --file F   imports attributes of customers
npm run people -- export --site ID --user ID               prints all that is kept of a person
npm run people -- erase  --site ID --user ID --yes         removes it and prints a receipt

A file is CSV (.csv), NDJSON (.ndjson, .jsonl) or a JSON array (.json), in UTF-8. All take --url URL
(http://localhost:8787) and sign in with SELVEDGE_TOKEN (npm run token), or with the local runs'
own key. Rows that were bad are listed, and make the exit code 1.`

const TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    site: { type: 'string', default: '' },
    source: { type: 'string', default: '' },
    file: { type: 'string', default: '' },
    user: { type: 'string', default: '' },
    yes: { type: 'boolean', default: false },
    url: { type: 'string', default: 'http://localhost:8787' },
    help: { type: 'boolean', default: false },
  },
})

interface Command {
  readonly complete: boolean
  /** Whether all went well. */
  run(token: string): Promise<boolean>
}

const { site, source, file, user, url, yes } = values
const type = TYPES[extname(file).toLowerCase()]

const COMMANDS: Readonly<Record<string, Command>> = {
  import: { complete: source !== '' && type !== undefined, run: runImport },
  export: { complete: user !== '', run: (token) => print(token, 'export') },
  erase: { complete: user !== '' && yes, run: (token) => print(token, 'erase') },
}

const command = COMMANDS[positionals[0] ?? '']
if (!command?.complete || site === '' || values.help) {
  console.error(HELP)
  process.exit(values.help ? 0 : 2)
}

const token = process.env.SELVEDGE_TOKEN ?? (await ownerToken(localKeys(STATE_FOLDER), 'people'))
await command.run(token).then(
  (well) => {
    process.exitCode = well ? 0 : 1
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  },
)

async function runImport(token: string): Promise<boolean> {
  const bar = createBar(file, statSync(file).size)
  const address = `${url}/_sv/api/v1/sites/${site}/people/import?source=${encodeURIComponent(source)}`
  const headers = { authorization: `Bearer ${token}`, 'content-type': type ?? '' }
  const summary = await importFile(address, headers, createReadStream(file), bar)
  for (const { line, code, column } of summary.errors) {
    console.error(`line ${line}: ${code}${column === undefined ? '' : ` in ${column}`}`)
  }
  const untold = summary.bad - summary.errors.length
  if (untold > 0) console.error(`… and ${untold} more`)
  console.log(`${summary.kept} rows kept, ${summary.bad} bad, of ${summary.read}`)
  return summary.bad === 0
}

async function print(token: string, what: 'export' | 'erase'): Promise<boolean> {
  const api = createApiClient(url, token)
  const answer = await api.post(`/sites/${site}/people/${what}`, { userId: user })
  console.log(JSON.stringify(answer, null, 2))
  return true
}
