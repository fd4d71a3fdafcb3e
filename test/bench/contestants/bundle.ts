import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { V4WorkerOptions } from 'miniflare'
import { compileBeacon, type PageScript } from '../../../src/cli/build.ts'
import { DEPLOYED } from './deployed.ts'

const PAGE_SCRIPTS: readonly PageScript[] = ['beacon', 'aggregate']

/** Wrangler's text rule for the scripts of pages in `dist`, without a need for the files. */
const scriptsAsText: Plugin = {
  name: 'page-scripts-as-text',
  setup({ onResolve, onLoad }) {
    for (const script of PAGE_SCRIPTS) {
      onResolve({ filter: new RegExp(`/dist/${script}\\.js$`) }, ({ path }) => ({
        path,
        namespace: script,
      }))
      onLoad({ filter: /.*/, namespace: script }, async () => ({
        contents: await compileBeacon(script),
        loader: 'text',
      }))
    }
  },
}

/** Bundles a worker to one module, much as wrangler does; with further plugins where given. */
export async function bundle(entry: URL, plugins: readonly Plugin[] = []): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*'],
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [scriptsAsText, ...plugins],
    logLevel: 'error',
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error(`esbuild gave no output for ${entry}`)
  return output.text
}

/** A worker of one bundled module, with a socket of its own past miniflare's router. */
export async function worker(
  name: string,
  entry: URL,
  bindings: Readonly<Record<string, string>>,
): Promise<V4WorkerOptions> {
  return {
    name,
    modules: true,
    script: await bundle(entry),
    compatibilityDate: DEPLOYED.compatibility_date,
    bindings,
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  }
}
