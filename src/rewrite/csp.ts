import type { ScriptForm } from '../model/skeleton.ts'

type Directives = ReadonlyMap<string, readonly string[]>

const POLICY_HEADERS = ['content-security-policy', 'content-security-policy-report-only']

/** A page's policies: those of its headers at once, those of `<meta>` as they stream past. */
export function watchPolicies(rewriter: HTMLRewriter, headers: Headers): readonly string[] {
  const policies = POLICY_HEADERS.flatMap((name) => headers.get(name) ?? [])
  rewriter.on('meta[http-equiv="content-security-policy" i]', {
    element: (element) => void policies.push(element.getAttribute('content') ?? ''),
  })
  return policies
}

/**
 * The form that every policy of the page allows, report-only ones too (a report is noise to the site's
 * owners). Policies are the values of `Content-Security-Policy*` headers and of `<meta>` twins.
 */
export function allowedScript(policies: readonly string[]): ScriptForm {
  const all = policies.flatMap((policy) => policy.split(',')).map(parsePolicy)
  if (!all.every(letsConnect)) return { kind: 'none' }
  const nonce = all.map((policy) => nonceOf(scriptSources(policy))).find((n) => n !== undefined)
  if (all.every((policy) => allowsInline(scriptSources(policy), nonce))) {
    return { kind: 'inline', nonce: nonce ?? '' }
  }
  return all.every((policy) => allowsExternal(scriptSources(policy)))
    ? { kind: 'external' }
    : { kind: 'none' }
}

/** Directives by name; of equal names the first counts (CSP3 §2.2.1). */
function parsePolicy(policy: string): Directives {
  const directives = new Map<string, readonly string[]>()
  for (const text of policy.split(';')) {
    const [name = '', ...sources] = text.trim().split(/\s+/)
    if (name !== '' && !directives.has(name.toLowerCase())) {
      directives.set(name.toLowerCase(), sources)
    }
  }
  return directives
}

function scriptSources(policy: Directives): readonly string[] | undefined {
  return policy.get('script-src-elem') ?? policy.get('script-src') ?? policy.get('default-src')
}

function letsConnect(policy: Directives): boolean {
  const sandbox = policy.get('sandbox')
  // Without an origin of its own, a page's requests are those of a stranger: they carry no cookie.
  const needs = ['allow-scripts', 'allow-same-origin']
  if (sandbox && !needs.every((flag) => sandbox.includes(flag))) return false
  const sources = policy.get('connect-src') ?? policy.get('default-src')
  return !sources || sources.some((source) => /^('self'|\*|https?:)$/i.test(source))
}

function nonceOf(sources: readonly string[] | undefined): string | undefined {
  const found = sources?.find((source) => /^'nonce-/i.test(source))
  return found && /^'nonce-([A-Za-z0-9+/_=-]+)'$/i.exec(found)?.[1]
}

function allowsInline(sources: readonly string[] | undefined, nonce: string | undefined): boolean {
  if (!sources) return true
  if (nonce !== undefined && sources.includes(`'nonce-${nonce}'`)) return true
  const strict = sources.some((source) => /^'(nonce-|sha\d|strict-dynamic)/i.test(source))
  return !strict && sources.some((source) => source.toLowerCase() === "'unsafe-inline'")
}

function allowsExternal(sources: readonly string[] | undefined): boolean {
  if (!sources) return true
  const lower = sources.map((source) => source.toLowerCase())
  return (
    !lower.includes("'strict-dynamic'") &&
    lower.some((source) => source === "'self'" || source === '*' || source === 'https:')
  )
}
