import { readFileSync } from 'node:fs'
import draft from './config.json' with { type: 'json' }

const MODULES = new URL('../modules/', import.meta.url)

/**
 * The demo site's configuration: `config.json`, with each module's template from
 * `templates/modules/<id>.html` and the address at which the shop runs, such as `http://127.0.0.1:8788`.
 */
export function demoConfiguration({ origin }: { origin: string }): unknown {
  const { site, modules } = draft
  const keys = { kind: 'remote', url: `${origin}/.well-known/jwks.json` }
  return {
    ...draft,
    site: { ...site, origin, jwt: { ...site.jwt, keys } },
    modules: modules.map((module) => ({ ...module, template: readTemplate(module.id) })),
  }
}

/** Without the file's last line break, which would become part of an attribute's value. */
function readTemplate(id: string): string {
  return readFileSync(new URL(`${id}.html`, MODULES), 'utf8').trim()
}
