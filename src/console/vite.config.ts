import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))

/**
 * Builds the console to `dist/console`, for the worker to serve under `/_sv/console/` with
 * `script-src 'self'; style-src 'self'`: hence no inlined scripts and no preload polyfill.
 * Observable Plot is only imported dynamically and so stays out of the first load.
 */
export default defineConfig({
  root,
  base: '/_sv/console/',
  build: {
    outDir: `${root}../../dist/console`,
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'plot', test: /node_modules[\\/](@observablehq|d3|internmap|isoformat)/ },
          ],
        },
      },
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
})
