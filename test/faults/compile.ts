import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { bundle } from '../bench/contestants/bundle.ts'

const ROOT = new URL('../../', import.meta.url)

export const WORKER = new URL('src/index.ts', ROOT)
export const LEVERED_WORKER = new URL('levered/worker.ts', import.meta.url)

/** The page view, whose steps can be made to throw. */
const PAGE_VIEW = fileURLToPath(new URL('src/personalize.ts', ROOT))

/** A step of the page view: what it imports from which file. */
interface Step {
  readonly name: string
  readonly from: string
}

/** Every function that the page view imports, as its source says. */
function steps(): readonly Step[] {
  const imports = readFileSync(PAGE_VIEW, 'utf8').matchAll(/^import \{([^}]+)\} from '([^']+)'/gm)
  return [...imports].flatMap(([, names = '', from = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => /^[a-z]\w*$/.test(name))
      .map((name) => ({ name, from: resolve(dirname(PAGE_VIEW), from) })),
  )
}

/** Names of the steps that can be made to throw: `recognise`, `decide`, `render`… */
export function stepNames(): readonly string[] {
  return steps().map(({ name }) => name)
}

/** Puts a switch before each step; the global `failingStep` names the one that throws. */
const failingSteps: Plugin = {
  name: 'failing-steps',
  setup({ onResolve, onLoad }) {
    const all = Map.groupBy(steps(), ({ from }) => from)
    onResolve({ filter: /^\./ }, ({ path, importer, resolveDir }) => {
      const from = resolve(resolveDir, path)
      return importer === PAGE_VIEW && all.has(from) ? { path: from, namespace: 'step' } : undefined
    })
    onLoad({ filter: /.*/, namespace: 'step' }, ({ path }) => ({
      contents: withSwitches(path, all.get(path) ?? []),
      resolveDir: dirname(path),
    }))
  },
}

function withSwitches(path: string, steps: readonly Step[]): string {
  const from = JSON.stringify(path)
  const switches = steps.map(
    ({ name }) => `export const ${name} = (...values) => {
      if (globalThis.failingStep === '${name}') throw new Error('made to fail: ${name}')
      return real.${name}(...values)
    }`,
  )
  return [`import * as real from ${from}`, `export * from ${from}`, ...switches].join('\n')
}

/** Bundles a worker to one module; the levered one with failing steps. */
export function compileWorker(entry: URL): Promise<string> {
  return bundle(entry, entry === LEVERED_WORKER ? [failingSteps] : [])
}
