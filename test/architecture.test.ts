import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../src', import.meta.url))

/** The stages of a page view, in the order of its sentence. None imports another, but for one arrow. */
const STAGES = [
  ...['site', 'visitor', 'decide', 'bandit', 'caps', 'render', 'rewrite', 'events'],
] as const

/** Doors and commands: they may import any stage, and no stage may import them. */
const DOORS = [
  'collect',
  'admin',
  'console',
  'cli',
  'staff',
  'preview',
  'reports',
  'presence',
] as const

/** Arrows between folders that are allowed beside those to `model`. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  model: [],
  db: [],
  site: ['db'],
  visitor: [],
  decide: ['bandit'],
  bandit: ['db'],
  caps: [],
  render: [],
  rewrite: [],
  events: ['db'],
  collect: ['site', 'visitor', 'decide', 'events'],
  staff: ['visitor'],
  preview: [...STAGES, 'staff'],
  reports: ['bandit', 'db'],
  presence: [],
  admin: [...STAGES, 'staff', 'db', 'reports', 'presence'],
  // Templates are checked and shown in the browser by the code that does so on pages.
  console: ['render', 'reports'],
  cli: [...STAGES, 'staff', 'admin'],
}

/** Files beside the folders that others may import: what is not a stage, but belongs to all. */
const COMMON = ['config.ts', 'keys.ts', 'problem.ts']

interface Import {
  readonly from: string
  readonly to: string
}

function sourceFiles(folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourceFiles(path)
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : []
  })
}

/** Every relative import, type-only ones too: they couple just as much. */
function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const specifiers = text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)
  return [...specifiers].map(([, specifier = '']) => ({
    from: relative(root, file),
    to: relative(root, normalize(join(dirname(file), specifier))),
  }))
}

function folderOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : ''
}

const files = sourceFiles().map((file) => relative(root, file))
const imports = sourceFiles().flatMap(importsOf)

test('the tree is read at all', () => {
  expect(files).toContain('personalize.ts')
  expect(imports.length).toBeGreaterThan(100)
})

test('every folder has its arrows written down', () => {
  const folders = new Set(files.map(folderOf).filter((folder) => folder !== ''))
  expect([...folders].sort()).toEqual(Object.keys(ALLOWED).sort())
})

test('imports follow the arrows: model ← stages ← doors ← entry', () => {
  const broken = imports.filter(({ from, to }) => {
    const source = folderOf(from)
    const target = folderOf(to)
    if (source === '' || source === target || target === 'model') return false
    // Templates and built files are data to the folders that use them.
    if (to.startsWith('..')) return !['rewrite', 'admin', 'cli'].includes(source)
    if (target === '') return !COMMON.includes(to)
    return !ALLOWED[source]?.includes(target)
  })
  expect(broken).toEqual([])
})

test('no stage knows a door', () => {
  const doors: readonly string[] = DOORS
  const stages: readonly string[] = STAGES
  const broken = imports.filter(
    ({ from, to }) => stages.includes(folderOf(from)) && doors.includes(folderOf(to)),
  )
  expect(broken).toEqual([])
})

test('there are no import cycles', () => {
  const edges = Map.groupBy(imports, ({ from }) => from)
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      return
    }
    if (done.has(file)) return
    for (const { to } of edges.get(file) ?? []) visit(to, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  expect(cycles).toEqual([])
})

test('zod is imported whole, which is a third of the size of its named export', () => {
  const named = sourceFiles().filter((file) =>
    /import\s+(type\s+)?\{[^}]*\}\s+from\s+['"]zod['"]/.test(readFileSync(file, 'utf8')),
  )
  expect(named).toEqual([])
})

test('no handler is registered for every element or for text', () => {
  const text = files
    .filter((file) => file.startsWith('rewrite/'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .filter((source) => source.includes('HTMLRewriter'))
    .join('\n')
  expect(text).toContain('new HTMLRewriter()')
  expect(text).not.toMatch(/\.on\(\s*['"`]\*/)
  expect(text).not.toMatch(/\btext\s*[(:]/)
})
