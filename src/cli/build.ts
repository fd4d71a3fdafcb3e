import {
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { err, ok, type Result } from '../model/result.ts'

/** What an inlined beacon may add to a page, in bytes gzipped. */
export const BEACON_LIMIT = 1536

/** What the console loads before the parts that come when they are needed, in bytes gzipped. */
export const CONSOLE_LIMIT = 60 * 1024

const root = fileURLToPath(new URL('../..', import.meta.url))
/** A new Vite or a new way of building makes every output stale. */
const TOOLS = ['src/cli/build.ts', 'package-lock.json']

/** Builds what the worker serves besides itself; each step is a line to print, or why it failed. */
const STEPS = [
  () => writeScript('beacon'),
  () => writeScript('aggregate'),
  writeConsole,
  writePageAssets,
]

/** Scripts that are put on pages: for visitors who allow measurement, and for those who allow nothing. */
export type PageScript = 'beacon' | 'aggregate'

/** A script of `templates/beacon`, minified and without imports, as it is put on pages. */
export function compileBeacon(script: PageScript = 'beacon'): Promise<string> {
  return compileScript(`templates/beacon/${script}.ts`)
}

/** A script and all that it imports as one, minified, for any page. */
async function compileScript(source: string): Promise<string> {
  const built = await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      write: false,
      copyPublicDir: false,
      target: 'es2020',
      lib: {
        entry: join(root, source),
        formats: ['iife'],
        name: 'selvedge',
        fileName: () => 'script.js',
      },
    },
  })
  const outputs = Array.isArray(built) ? built : 'output' in built ? [built] : []
  return outputs
    .flatMap(({ output }) => output)
    .map((part) => (part.type === 'chunk' ? part.code : ''))
    .join('')
    .trim()
}

/** Why a script cannot be inlined in any page of any encoding, or `undefined`. */
export function beaconProblem(script: string): string | undefined {
  const size = gzipSync(script).length
  if (size > BEACON_LIMIT)
    return `The beacon is ${size} bytes gzipped; the limit is ${BEACON_LIMIT}.`
  if (/<\/script|<!--/i.test(script))
    return 'The beacon contains "</script" or "<!--", which its element cannot hold.'
  if (/[^\n\x20-\x7e]/.test(script))
    return 'The beacon contains characters that are not ASCII, which a page in another encoding garbles.'
  return undefined
}

async function writeScript(name: PageScript): Promise<Result<string, string>> {
  const file = `dist/${name}.js`
  const fresh = isFresh(file, ['templates/beacon/**'])
  const script = fresh ? readFileSync(join(root, file), 'utf8') : await compileBeacon(name)
  const problem = beaconProblem(script)
  if (problem) return err(problem)
  if (!fresh) replace(file, script)
  return ok(line(file, [script], fresh))
}

async function writeConsole(): Promise<Result<string, string>> {
  const configFile = join(root, 'src/console/vite.config.ts')
  // Wrangler refuses to start without the directory it serves assets from.
  if (!existsSync(configFile)) {
    replace('dist/console/.assetsignore', '')
    return ok('dist/console  empty, there is no console to build')
  }
  const fresh = isFresh('dist/console/index.html', ['src/console/**', 'src/model/**'])
  if (!fresh) await build({ configFile, logLevel: 'error' })
  const files = firstLoad()
  const size = files.reduce((sum, file) => sum + gzipSync(file).length, 0)
  return size > CONSOLE_LIMIT
    ? err(`The console loads ${size} bytes gzipped at first; the limit is ${CONSOLE_LIMIT}.`)
    : ok(line('dist/console, first load', files, fresh))
}

/** The console's page and what that names itself; all else is loaded when it is needed. */
function firstLoad(): Buffer[] {
  const page = readFileSync(join(root, 'dist/console/index.html'))
  const named = page.toString().matchAll(/(?:src|href)="\/_sv\/(console\/[^"]+)"/g)
  return [page, ...[...named].map(([, path]) => readFileSync(join(root, `dist/${path}`)))]
}

/** What sites' pages load of us, beside the console, whose build empties its folder. */
async function writePageAssets(): Promise<Result<string, string>> {
  const fresh = isFresh('dist/console/gallery.js', [
    'templates/gallery/**',
    'templates/preview/**',
    'templates/picker/**',
    'templates/reference/**',
    'dist/console/index.html',
  ])
  if (!fresh) {
    for (const file of [
      'gallery/gallery.css',
      'gallery/gallery.svg',
      'preview/banner.css',
      'reference/reference.css',
    ]) {
      const text = readFileSync(join(root, 'templates', file), 'utf8')
      replace(`dist/console/${basename(file)}`, text)
    }
    replace('dist/console/gallery.js', await compileScript('templates/gallery/countdown.ts'))
    replace('dist/console/picker.js', await compileScript('templates/picker/picker.ts'))
  }
  const files = ['gallery.css', 'gallery.js', 'banner.css', 'picker.js'].map((file) =>
    readFileSync(join(root, 'dist/console', file)),
  )
  return ok(line('dist/console, for pages', files, fresh))
}

/** Whether an output is younger than everything it is made from. */
function isFresh(output: string, sources: readonly string[]): boolean {
  const built = statSync(join(root, output), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return paths([...sources, ...TOOLS]).every((path) => statSync(join(root, path)).mtimeMs < built)
}

function paths(patterns: readonly string[]): string[] {
  return globSync(patterns, { cwd: root }).filter((path) => statSync(join(root, path)).isFile())
}

/** Whole or not at all: another process may be reading the file. */
function replace(path: string, content: string): void {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, content)
  renameSync(`${file}.${process.pid}`, file)
}

function line(name: string, files: readonly (string | Buffer)[], fresh: boolean): string {
  const size = files.reduce((sum, file) => sum + gzipSync(file).length, 0)
  return `${name}  ${size} bytes gzipped${fresh ? ', up to date' : ''}`
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const step of STEPS) {
    const done = await step().catch((error: unknown) => err(`The build failed: ${error}`))
    if (done.ok) console.log(done.value)
    else {
      console.error(done.error)
      process.exitCode = 1
    }
  }
