import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { V4WorkerOptions } from 'miniflare'
import { compileBeacon } from '../../../src/cli/build.ts'
import { DEPLOYED } from './deployed.ts'

/** Wrangler's text rule for `dist/beacon.js`, without a need for the file. */
const beaconAsText: Plugin = {
  name: 'beacon-as-text',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/dist\/beacon\.js$/ }, ({ path }) => ({ path, namespace: 'beacon' }))
    onLoad({ filter: /.*/, namespace: 'beacon' }, async () => ({
      contents: await compileBeacon(),
      loader: 'text',
    }))
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
    plugins: [beaconAsText, ...plugins],
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
