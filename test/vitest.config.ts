import { fileURLToPath } from 'node:url'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A file for the run's JSON report, beside what is printed. */
const report = process.env.TEST_REPORT

/** After all others, a few files at a time: they mostly wait, and mind a busy machine, as CI's may be. */
const outside = {
  retry: process.env.CI ? 1 : 0,
  sequence: { groupOrder: 1 },
  maxWorkers: 2,
  testTimeout: 60_000,
  hookTimeout: 120_000,
}

/**
 * Five projects: the import arrows, pure logic under Node, platform parts inside workerd, black-box
 * flows over HTTP and real pages in Chromium. Isolation in `workers` is per file, not per test.
 */
export default defineConfig({
  root,
  test: {
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      { root, test: { name: 'architecture', include: ['test/architecture.test.ts'] } },
      {
        root,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          isolate: false,
          maxWorkers: '100%',
          testTimeout: 20_000,
        },
      },
      {
        root,
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: `${root}wrangler.toml` },
            miniflare: {
              // All files ask as the same few people, at once.
              ratelimits: {
                STAFF_LIMIT: { namespace_id: '1001', simple: { limit: 1_000_000, period: 60 } },
              },
              bindings: {
                MIGRATIONS: await readD1Migrations(`${root}migrations`),
                SELVEDGE_KEYS: 'test:q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k',
                PRIVATE_ORIGINS: 'yes',
                SIGNAL_OVERRIDES: 'yes',
              },
            },
          })),
        ],
        test: {
          name: 'workers',
          include: ['test/workers/**/*.test.ts'],
          setupFiles: ['test/workers/setup.ts'],
          maxWorkers: '100%',
          testTimeout: 20_000,
        },
      },
      {
        root,
        test: { name: 'flows', include: ['test/flows/**/*.test.ts'], ...outside, maxWorkers: 3 },
      },
      { root, test: { name: 'browser', include: ['test/browser/**/*.test.ts'], ...outside } },
    ],
  },
})
