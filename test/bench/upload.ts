import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ROOT } from './contestants/deployed.ts'
import type { Modules } from './workers/loader.ts'

const WRANGLER = fileURLToPath(import.meta.resolve('wrangler/package.json')).replace(
  'package.json',
  'bin/wrangler.js',
)

/** The files that `wrangler deploy` would upload, as it builds them: the worker and its texts. */
export async function buildUpload(): Promise<Modules> {
  const folder = await mkdtemp(join(tmpdir(), 'upload-'))
  try {
    const args = [WRANGLER, 'deploy', '--dry-run', '--outdir', folder]
    const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: '1' }
    await promisify(execFile)(process.execPath, args, { cwd: fileURLToPath(ROOT), env })
    const files = (await readdir(folder)).filter((file) => file.endsWith('.js'))
    const modules = files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8')
      return [file, file === 'index.js' ? text : { text }] as const
    })
    return Object.fromEntries(await Promise.all(modules))
  } finally {
    await rm(folder, { recursive: true })
  }
}
