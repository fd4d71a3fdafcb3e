import type { D1Migration } from '@cloudflare/vitest-plugin'

declare global {
  namespace Cloudflare {
    interface Env {
      /** Bound by the test configuration. */
      MIGRATIONS: D1Migration[]
      SELVEDGE_KEYS: string
    }
  }
}
