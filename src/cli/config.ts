import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { checkConfiguration } from '../admin/check.ts'
import { collisionsOf } from '../admin/collisions.ts'
import { type Difference, differencesOf } from '../admin/differences.ts'
import { type Configuration, ConfigurationSchema } from '../model/configuration.ts'
import { ApiError, type Condition, createApiClient, ownerToken } from './api-client.ts'
import {
  type ConfigurationFile,
  formatOf,
  locate,
  type Mistake,
  parseFile,
  printFile,
  printMistake,
  withEtag,
} from './config-file.ts'
import { nodePlatform } from './node-platform.ts'
import { localKeys, STATE_FOLDER } from './secrets.ts'

const HELP = `npm run config -- export   --site ID [--file F]  writes the site's draft as a file, or prints it as YAML
npm run config -- validate --file F              checks a file as a publish would, without a server
npm run config -- diff     --file F [--published] how the file differs from the draft, or from what is live
npm run config -- apply    --file F [--force]    replaces the draft that the file was exported from
npm run config -- publish  --site ID [--note T]  compiles the draft and makes it current
npm run config -- write-key --site ID            makes a key by which servers send events

Files are YAML, or JSON by their name; - is standard input. All but validate take --url URL
(http://localhost:8787) and sign in with SELVEDGE_TOKEN (npm run token), or with the local runs' own key.
validate takes --private where origins may be on a private network; diff --exit-code ends with 1 where
there are differences. --if-match '"12"' names the version to replace for a file that does not; --force
replaces whatever is there.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    site: { type: 'string' },
    file: { type: 'string' },
    note: { type: 'string', default: '' },
    published: { type: 'boolean', default: false },
    private: { type: 'boolean', default: false },
    force: { type: 'boolean', default: false },
    'exit-code': { type: 'boolean', default: false },
    'if-match': { type: 'string' },
    url: { type: 'string', default: 'http://localhost:8787' },
    help: { type: 'boolean', default: false },
  },
})

/** A command ends with what to print, and is refused with a sentence or the mistakes of a file. */
type Command = () => Promise<string>

class Refusal extends Error {}

const api = async () =>
  createApiClient(
    values.url,
    process.env.SELVEDGE_TOKEN ?? (await ownerToken(localKeys(STATE_FOLDER), 'config')),
  )

const { file: fileName = '' } = values

function readText(): string {
  return readFileSync(fileName === '-' ? 0 : fileName, 'utf8')
}

function readFile(text = readText()): ConfigurationFile {
  const file = parseFile(text)
  if (!file.ok) throw new Refusal(toLines(file.error))
  return file.value
}

function toLines(mistakes: readonly Mistake[]): string {
  return mistakes.map((mistake) => printMistake(fileName, mistake)).join('\n')
}

async function exportDraft(site: string): Promise<string> {
  const found = await (await api()).find(`/sites/${site}/configuration`)
  if (!found) throw new Refusal(`There is no site “${site}” at ${values.url}.`)
  const configuration = ConfigurationSchema.parse(found.body)
  const text = printFile(configuration, { format: formatOf(fileName), etag: found.etag })
  if (fileName === '' || fileName === '-') return text.trimEnd()
  writeFileSync(fileName, text)
  return `Wrote ${fileName}, version ${found.etag} of the draft.`
}

async function validate(): Promise<string> {
  const file = readFile()
  const { configuration } = file
  const platform = await nodePlatform(configuration, { isPrivate: values.private })
  const problems = checkConfiguration(configuration, platform)
  if (problems.length > 0) throw new Refusal(toLines(locate(problems, file)))
  const collisions = collisionsOf(configuration).map(({ detail }) => `To know: ${detail}`)
  return [...collisions, `${fileName} is right.`].join('\n')
}

async function diff(): Promise<string> {
  const { configuration } = readFile()
  const before = await readBefore(configuration)
  if (!before) return 'Nothing is there yet: all of the file is new.'
  const differences = differencesOf(before, configuration)
  if (differences.length > 0 && values['exit-code']) process.exitCode = 1
  return differences.length > 0 ? differences.map(printDifference).join('\n') : 'No differences.'
}

/** The draft, or what is live. */
async function readBefore({ site }: Configuration): Promise<Configuration | undefined> {
  const client = await api()
  const path = `/sites/${site.id}`
  const from = values.published ? await livePath(path) : `${path}/configuration`
  const found = from === undefined ? undefined : await client.find(from)
  return found && ConfigurationSchema.parse(found.body)
}

const PublicationsSchema = z.object({ items: z.array(z.object({ seq: z.int() })) })

async function livePath(path: string): Promise<string | undefined> {
  const found = await (await api()).find(`${path}/publications?limit=1`)
  const [newest] = found ? PublicationsSchema.parse(found.body).items : []
  return newest && `${path}/publications/${newest.seq}/configuration`
}

function printDifference({ sentence, fields }: Difference): string {
  return [sentence, ...fields.map((field) => `  ${field.pointer}  ${field.sentence}`)].join('\n')
}

async function apply(): Promise<string> {
  const text = readText()
  const file = readFile(text)
  const { site } = file.configuration
  const condition = conditionOf(file)
  const client = await api()
  const { etag } = await client
    .put(`/sites/${site.id}/configuration`, file.configuration, condition)
    .catch((error: unknown) => {
      throw explained(error, file, condition)
    })
  const isKept = file.etag !== undefined && fileName !== '-'
  if (isKept) writeFileSync(fileName, withEtag(text, etag))
  const noted = isKept ? `, which ${fileName} now names` : ''
  return `The draft of “${site.id}” is this file, version ${etag}${noted}. It is not published yet.`
}

/** A draft is replaced by who has seen it: a file without a version begins a site. */
function conditionOf({ etag }: ConfigurationFile): Condition {
  if (values.force) return {}
  const match = values['if-match'] ?? etag
  return match === undefined ? { 'if-none-match': '*' } : { 'if-match': match }
}

function explained(error: unknown, file: ConfigurationFile, condition: Condition): unknown {
  if (!(error instanceof ApiError)) return error
  if (error.status === 412) {
    return new Refusal(
      condition['if-match'] === undefined
        ? 'The site has a draft already, and this file does not say from which version it was made. See “config -- diff”; then export it, or name its version by --if-match.'
        : `The draft was changed since version ${condition['if-match']}, from which this file was made. See “config -- diff”, and begin from a new export.`,
    )
  }
  return error.errors.length > 0 ? new Refusal(toLines(locate(error.errors, file))) : error
}

async function publish(site: string): Promise<string> {
  const client = await api()
  const published = await client.post(`/sites/${site}/publish`, { note: values.note })
  return JSON.stringify(published, null, 2)
}

const print = (answer: unknown) => JSON.stringify(answer, null, 2)

/** What each command needs said, and what it does. */
const COMMANDS: Readonly<Record<string, { needs: 'site' | 'file'; run: Command }>> = {
  export: { needs: 'site', run: () => exportDraft(values.site ?? '') },
  validate: { needs: 'file', run: validate },
  diff: { needs: 'file', run: diff },
  apply: { needs: 'file', run: apply },
  publish: { needs: 'site', run: () => publish(values.site ?? '') },
  'write-key': {
    needs: 'site',
    run: async () => print(await (await api()).post(`/sites/${values.site}/write-keys`)),
  },
}

const command = COMMANDS[positionals[0] ?? '']
if (!command || !values[command.needs] || values.help) {
  console.error(HELP)
  process.exit(values.help ? 0 : 2)
}

await command.run().then(
  (said) => console.log(said),
  (error: unknown) => {
    const lines = error instanceof ApiError ? error.errors : []
    console.error(error instanceof Error ? error.message : error)
    for (const { pointer, code, detail } of lines) console.error(`${pointer}  ${code}  ${detail}`)
    process.exitCode = 1
  },
)
