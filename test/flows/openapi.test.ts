import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { generateApi } from 'swagger-typescript-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { ownerToken } from '../../src/cli/api-client.ts'
import { AGENT } from '../browser/chromium.ts'
import { eventually, type Instance, startInstance } from './instance.ts'

const DocumentSchema = z.looseObject({
  openapi: z.string(),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        responses: z.record(
          z.string(),
          z.looseObject({ content: z.record(z.string(), z.unknown()).optional() }),
        ),
      }),
    ),
  ),
})

let demo: Instance
let document: z.infer<typeof DocumentSchema>
let tokens: { readonly maker: string; readonly reviewer: string }
/** Among what is built: generated code is compiled as the project's own. */
const folder = join(import.meta.dirname, '../../dist/generated-client')

beforeAll(async () => {
  demo = await startInstance()
  const [maker, reviewer] = await Promise.all(
    ['maria', 'jonas'].map((subject) => ownerToken(demo.keys, subject)),
  )
  tokens = { maker: maker ?? '', reviewer: reviewer ?? '' }
  const answer = await fetch(`${demo.url}/_sv/api/v1/openapi.json`)
  document = DocumentSchema.parse(await answer.json())
})
afterAll(async () => {
  await demo?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Answers that were not as the document says. */
const untrue: string[] = []

/** Asks, and holds the answer against the document. */
const watched: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  const { method, url } = new Request(input, init)
  const said = await answerProblem(method, url, response.clone())
  if (said !== undefined) untrue.push(`${method} ${url}: ${said}`)
  return response
}

async function answerProblem(
  method: string,
  url: string,
  response: Response,
): Promise<string | undefined> {
  const path = new URL(url).pathname.replace('/_sv/api/v1', '')
  const template = Object.keys(document.paths)
    .filter((known) => new RegExp(`^${known.replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
    // `/audiences/explain` is no audience.
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .find((known) => document.paths[known]?.[method.toLowerCase()])
  if (template === undefined) return 'is not in the document'
  const described = document.paths[template]?.[method.toLowerCase()]?.responses[response.status]
  if (!described) return `answered ${response.status}, which is not in the document`
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';')
  if (!described.content) return type === '' ? undefined : `answered ${type} in place of nothing`
  if (!(type in described.content)) return `answered ${type}`
  if (!type.endsWith('json') || type.endsWith('ndjson')) return undefined
  const at = [template, method.toLowerCase(), 'responses', response.status, 'content', type]
  return schemaProblem(['paths', ...at], await response.json())
}

function schemaProblem(at: readonly (string | number)[], body: unknown): string | undefined {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addSchema(document, 'document')
  const pointer = [...at, 'schema']
    .map((name) => String(name).replaceAll('~', '~0').replaceAll('/', '~1'))
    .map(encodeURIComponent)
    .join('/')
  const validate = ajv.getSchema(`document#/${pointer}`)
  if (!validate) return `has no schema at ${pointer}`
  return validate(body) ? undefined : ajv.errorsText(validate.errors)
}

async function isLive(words: string): Promise<void> {
  const page = async () => {
    const headers = { 'user-agent': AGENT, accept: 'text/html', cookie: 'consent=profile' }
    return (await fetch(demo.url, { headers })).text()
  }
  await eventually(`“${words}” on the page`, page, (html) => html.includes(words))
}

describe('the document', () => {
  test('is one of OpenAPI 3.1', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  test('makes a client by which an editor goes all the way', async () => {
    mkdirSync(folder, { recursive: true })
    const { files } = await generateApi({
      ...{ spec: structuredClone(document) as never, output: false, silent: true },
      httpClientType: 'fetch',
    })
    writeFileSync(join(folder, 'client.ts'), files[0]?.fileContent ?? '')
    const source = join(import.meta.dirname, 'generated-client/walk.ts')
    copyFileSync(source, join(folder, 'walk.ts'))
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--allowImportingTsExtensions']
    const target = [
      '--target',
      'esnext',
      '--module',
      'preserve',
      '--lib',
      'esnext,dom,dom.iterable',
    ]
    const tsc = [...options, ...target, '--types', '', 'walk.ts', '--ignoreConfig']
    const compiled = await promisify(execFile)('npx', ['tsc', ...tsc], { cwd: folder }).catch(
      (error: { stdout?: string }) => error,
    )
    expect(compiled.stdout).toBe('')
    const { walk } = await import(join(folder, 'walk.ts'))
    const published = await walk({ url: demo.url, tokens, fetch: watched }, isLive)
    expect(published).toMatchObject({ bundle: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(untrue).toEqual([])
  })

  test('is true of whatever can be read', async () => {
    const named = { site: 'demo', id: 'nobody', seq: '1', experience: 'hero-everybody' }
    const headers = { authorization: `Bearer ${tokens.maker}` }
    for (const [path, operations] of Object.entries(document.paths)) {
      if (!operations.get) continue
      const filled = Object.entries(named).reduce(
        (filling, [name, value]) => filling.replace(`{${name}}`, value),
        path,
      )
      const query = path.endsWith('/differences') ? '?from=1' : '?limit=5'
      await watched(`${demo.url}/_sv/api/v1${filled}${query}`, { headers })
    }
    expect(untrue).toEqual([])
  })
})
