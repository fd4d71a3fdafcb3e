import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createApiClient, ownerToken } from './api-client.ts'
import { localKeys, STATE_FOLDER } from './secrets.ts'

const HELP = `npm run config -- export  --site ID              prints the site's draft as JSON
npm run config -- apply   --site ID --file F     replaces the draft by a file (- for standard input)
npm run config -- publish --site ID              compiles the draft and makes it current
npm run config -- write-key --site ID            makes a key by which servers send events

All take --url URL (http://localhost:8787) and sign in with SELVEDGE_TOKEN (npm run token), or
with the local runs' own key. Mistakes are listed with a pointer to their field.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    site: { type: 'string' },
    file: { type: 'string' },
    url: { type: 'string', default: 'http://localhost:8787' },
    help: { type: 'boolean', default: false },
  },
})

type Command = (site: string) => Promise<unknown>

const api = async () =>
  createApiClient(
    values.url,
    process.env.SELVEDGE_TOKEN ?? (await ownerToken(localKeys(STATE_FOLDER), 'config')),
  )

const COMMANDS: Readonly<Record<string, Command>> = {
  export: async (site) => (await api()).get(`/sites/${site}/configuration`),
  async apply(site) {
    const text = readFileSync(values.file === '-' ? 0 : (values.file ?? ''), 'utf8')
    return (await api()).put(`/sites/${site}/configuration`, JSON.parse(text))
  },
  publish: async (site) => (await api()).post(`/sites/${site}/publish`),
  'write-key': async (site) => (await api()).post(`/sites/${site}/write-keys`),
}

const command = COMMANDS[positionals[0] ?? '']
const needsFile = positionals[0] === 'apply' && !values.file
if (!command || !values.site || needsFile || values.help) {
  console.error(HELP)
  process.exit(values.help ? 0 : 2)
}

await command(values.site).then(
  (answer) => console.log(JSON.stringify(answer ?? { ok: true }, null, 2)),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  },
)
