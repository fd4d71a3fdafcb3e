import { describe, expect, test } from 'vitest'
import { allowedScript } from '../../../src/rewrite/csp.ts'

const inline = (nonce = '') => ({ kind: 'inline', nonce })
const EXTERNAL = { kind: 'external' }
const NONE = { kind: 'none' }

const HASH = "'sha256-abc='"

const TABLE: readonly (readonly [string, readonly string[], object])[] = [
  ['no policy', [], inline()],
  ['an empty one', [''], inline()],
  ['one about other things', ["img-src 'self'; frame-ancestors 'none'"], inline()],
  ['self only', ["script-src 'self'"], EXTERNAL],
  ['self by default', ["default-src 'self'"], EXTERNAL],
  ['everything', ['script-src *'], EXTERNAL],
  ['any https', ['script-src https:'], EXTERNAL],
  ['nothing', ["script-src 'none'"], NONE],
  ['no sources at all', ['script-src'], NONE],
  ['nothing by default', ["default-src 'none'"], NONE],
  ['another host only', ['script-src https://cdn.example'], NONE],
  ['a nonce', ["script-src 'nonce-r4nd0m'"], inline('r4nd0m')],
  ['a nonce with every base64 sign', ["script-src 'nonce-aB+/_-9=='"], inline('aB+/_-9==')],
  ['a nonce that would leave its attribute', [`script-src 'nonce-a"onload=x'`], NONE],
  ['a nonce and self', ["script-src 'self' 'nonce-r'"], inline('r')],
  ['strict-dynamic with a nonce', ["script-src 'strict-dynamic' 'nonce-r'"], inline('r')],
  ['strict-dynamic with hashes', [`script-src 'strict-dynamic' ${HASH} 'self'`], NONE],
  ['unsafe-inline', ["script-src 'unsafe-inline'"], inline()],
  ['unsafe-inline in capitals', ["Script-Src 'UNSAFE-INLINE'"], inline()],
  ['unsafe-inline switched off by a hash', [`script-src 'unsafe-inline' ${HASH}`], NONE],
  ['the same with self', [`script-src 'unsafe-inline' ${HASH} 'self'`], EXTERNAL],
  ['unsafe-inline beside a nonce', ["script-src 'unsafe-inline' 'nonce-r'"], inline('r')],
  ['script-src-elem over script-src', ["script-src 'none'; script-src-elem 'self'"], EXTERNAL],
  ['script-src over default-src', ["default-src 'self'; script-src 'none'"], NONE],
  ['the first of two equal names', ["script-src 'self'; script-src 'none'"], EXTERNAL],
  ['connect-src none', ["connect-src 'none'"], NONE],
  ['connect-src self', ["connect-src 'self'"], inline()],
  ['connect-src elsewhere', ['connect-src https://api.example'], NONE],
  ['connect-src none under a default', ["default-src *; connect-src 'none'"], NONE],
  ['no connections by default', ["default-src 'none'; script-src 'self'"], NONE],
  ['two policies that both allow', ["script-src 'self'", 'script-src https:'], EXTERNAL],
  [
    'two, the stricter counts',
    ["script-src 'self' 'unsafe-inline'", "script-src 'self'"],
    EXTERNAL,
  ],
  ['two in one header', ["script-src 'self', script-src 'none'"], NONE],
  ['two with different nonces', ["script-src 'nonce-a'", "script-src 'nonce-b'"], NONE],
  ['two with the same nonce', ["script-src 'nonce-a'", "script-src 'self' 'nonce-a'"], inline('a')],
  [
    'a nonce here, inline there',
    ["script-src 'nonce-a'", "script-src 'unsafe-inline'"],
    inline('a'),
  ],
  // A report-only policy is given like the others: what it would report is not done.
  ['report-only self beside none', ["script-src 'self'; report-to csp"], EXTERNAL],
  ['a sandbox without scripts', ['sandbox allow-forms'], NONE],
  ['a sandbox with scripts', ['sandbox allow-scripts allow-same-origin'], inline()],
]

describe('the script that a page allows under', () => {
  test.each(TABLE)('%s', (_, policies, form) => {
    expect(allowedScript(policies)).toEqual(form)
  })

  test('spaces, tabs and empty directives as without them', () => {
    expect(allowedScript([" ;; \tscript-src\t 'self'   'nonce-r' ;"])).toEqual(inline('r'))
  })
})
