import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownerToken } from '../../src/cli/api-client.ts'
import { eventually, type Instance, startInstance } from './instance.ts'

let demo: Instance
let folder: string
let token: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'selvedge-config-'))
  demo = await startInstance()
  token = await ownerToken(demo.keys, 'reviewer')
})
afterAll(async () => {
  await demo?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** One command, as it is typed. */
function config(...args: readonly string[]): Promise<Ended> {
  const whole = [
    'src/cli/config.ts',
    ...args,
    ...(args[0] === 'validate' ? [] : ['--url', demo.url]),
  ]
  const env = { ...process.env, SELVEDGE_TOKEN: token }
  return new Promise((resolve) => {
    execFile(process.execPath, whole, { env }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    )
  })
}

const edit = (file: string, from: string | RegExp, to: string) => {
  const text = readFileSync(file, 'utf8')
  const edited = text.replace(from, to)
  if (edited === text) throw new Error(`${from} is not in ${file}.`)
  writeFileSync(file, edited)
}

describe('a configuration as a file', () => {
  test.each(['yaml', 'json'])('goes out and in as %s without loss', async (end) => {
    const file = join(folder, `whole.${end}`)
    expect(await config('export', '--site', 'demo', '--file', file)).toMatchObject({ code: 0 })
    expect((await config('validate', '--private', '--file', file)).out).toContain('is right.')
    expect((await config('diff', '--file', file, '--exit-code')).out).toBe('No differences.\n')
    const before = await demo.api.get('/sites/demo/configuration')
    const applied = await config('apply', '--file', file, ...(end === 'json' ? ['--force'] : []))
    expect(applied).toMatchObject({ code: 0, err: '' })
    expect(await demo.api.get('/sites/demo/configuration')).toEqual(before)
  })

  test('is changed, compared, applied, and refused to whoever changed it too', async () => {
    const [mine, theirs] = [join(folder, 'mine.yaml'), join(folder, 'theirs.yaml')]
    await config('export', '--site', 'demo', '--file', mine)
    await config('export', '--site', 'demo', '--file', theirs)

    edit(mine, 'Outdoor kit, made to be mended', 'Made to be mended')
    const compared = await config('diff', '--file', mine, '--exit-code')
    expect(compared.code).toBe(1)
    expect(compared.out).toMatch(/^Variant “.*” changed\.\n {2}\/content\/title/)
    expect((await config('diff', '--file', mine)).code).toBe(0)
    expect(await config('apply', '--file', mine)).toMatchObject({ code: 0 })
    // It goes on from the version that it made itself.
    edit(mine, 'Made to be mended', 'Made to be mended again')
    expect(await config('apply', '--file', mine)).toMatchObject({ code: 0 })

    edit(theirs, 'Outdoor kit, made to be mended', 'Not this one')
    const late = await config('apply', '--file', theirs)
    expect(late.code).toBe(1)
    expect(late.err).toContain('The draft was changed since version')
    expect((await config('diff', '--file', mine)).out).toBe('No differences.\n')

    expect((await config('diff', '--file', mine, '--published')).out).toContain('/content/title')
    const published = await config('publish', '--site', 'demo', '--note', 'From a file')
    expect(published.code).toBe(0)
    expect(JSON.parse(published.out)).toMatchObject({
      bundle: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect((await config('diff', '--file', mine, '--published')).out).toBe('No differences.\n')
    await eventually(
      'the note in the history',
      async () => JSON.stringify(await demo.api.get('/sites/demo/publications')),
      (history) => history.includes('From a file'),
    )
  })

  test('that does not say what it was made from begins a site, and replaces none', async () => {
    const file = join(folder, 'new.yaml')
    const site = (id: string) =>
      `site:\n  id: ${id}\n  name: New\n  hosts: [${id}.test]\n  origin: https://new.example\n`
    writeFileSync(file, site('new'))
    expect(await config('apply', '--file', file)).toMatchObject({ code: 0 })
    const again = await config('apply', '--file', file)
    expect(again.err).toContain('The site has a draft already')
    expect(await config('apply', '--file', file, '--if-match', '"1"')).toMatchObject({ code: 0 })
  })

  test('is refused with the places of its mistakes, offline and by the server alike', async () => {
    const file = join(folder, 'wrong.yaml')
    await config('export', '--site', 'demo', '--file', file)
    edit(file, 'selector: "#hero"', 'selector: "#hero + p"')
    edit(file, /slot: hero\n/, 'slot: nowhere\n')
    const { code, err } = await config('validate', '--private', '--file', file)
    expect(code).toBe(1)
    const text = readFileSync(file, 'utf8').split('\n')
    const places = err
      .trim()
      .split('\n')
      .map((line) => /:(\d+):(\d+) {2}(\w+)/.exec(line) ?? [])
    expect(places.map(([, , , what]) => what)).toEqual([
      'unknown_reference',
      'unsupported_selector',
    ])
    expect(places.map(([, line]) => text[Number(line) - 1]?.trim())).toEqual([
      'slot: nowhere',
      'selector: "#hero + p"',
    ])
    edit(file, /priority: \d+/, 'priority: high')
    const refused = await config('apply', '--file', file)
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringMatching(/wrong\.yaml:\d+:\d+ {2}invalid/),
    ])
  })

  test('and what cannot be done is said in a sentence', async () => {
    expect((await config('export', '--site', 'nowhere')).err).toContain(
      'There is no site “nowhere”',
    )
    expect((await config('frobnicate')).code).toBe(2)
    expect((await config('diff')).code).toBe(2)
  })
})
