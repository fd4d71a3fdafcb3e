import { signal } from '@preact/signals'
import { parseRoute, type Route } from './route.ts'

/** Where the reader is. Links lead elsewhere by their `href`; nothing else does. */
export const route = signal<Route>(parseRoute(location.hash))

/** Keeps `route` in step with the address bar. */
export function followAddress(): void {
  const follow = () => {
    route.value = parseRoute(location.hash)
  }
  addEventListener('hashchange', follow)
  follow()
}
