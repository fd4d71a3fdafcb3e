import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPathIndex } from '../../src/model/path-index.ts'

const segment = fc.constantFrom(
  ...[
    'a',
    'b',
    'ab',
    'å',
    'a b',
    'c.d',
    '',
    '%C3%A5',
    'a-b',
    'a+',
    'A',
    '~',
    '#',
    '$',
    '|',
    '^',
    '[x]',
    '"',
  ],
)
const open = fc.constantFrom(
  ...[
    ':id',
    '*',
    'a*',
    ':id?',
    ':id*',
    ':id+',
    'a{b}?',
    '{a}',
    ':x-:y',
    '(\\d+)',
    '\\:id',
    'x.:y',
    '**',
  ],
)
const pattern = fc.oneof(
  fc
    .array(fc.oneof({ weight: 3, arbitrary: segment }, { weight: 1, arbitrary: open }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((segments) => `/${segments.join('/')}`),
  fc.constantFrom('/', '/*', '/a{/b}?', '/a{/:id}*', '/{a/}?b', '/a/', '//a', '/a//'),
)
const path = fc
  .array(fc.oneof(segment, fc.constantFrom('7', 'x', 'c.d.e', 'x.7', ':id', 'b-b')), {
    maxLength: 5,
  })
  // As the platform gives a request's path.
  .map((segments) => {
    const url = new URL('https://shop.test')
    url.pathname = `/${segments.join('/')}`
    return url.pathname
  })

const compiled = new Map<string, URLPattern>()

function patternOf(pathname: string): URLPattern {
  const known = compiled.get(pathname) ?? new URLPattern({ pathname })
  compiled.set(pathname, known)
  return known
}

function isPattern(pathname: string): boolean {
  try {
    return Boolean(patternOf(pathname))
  } catch {
    return false
  }
}

/** What hides from a look at single segments: groups across slashes, misleading brackets, dot segments. */
const pieces = fc.constantFrom(
  ...[
    'a',
    'b',
    'å',
    '',
    '.',
    '..',
    '%2e',
    '%2E.',
    '[',
    ']',
    '[x]',
    '#',
    ' ',
    'a b',
    '\\a',
    '\\:b',
    '\\/a',
  ],
  ...[
    '*',
    ':id',
    ':id?',
    ':id*',
    ':id+',
    ':id(a|b)',
    '(a|b)',
    '(\\d+)',
    '([(])',
    '([)])',
    '(.*)',
    '(a/b)',
  ],
  ...[
    '{',
    '}',
    '}?',
    '}*',
    '{a}?',
    '{a',
    'b}?',
    '{a/b}',
    '{/a/b}?',
    '{a/}*',
    '**',
    'a*',
    '*b',
    'x.:id',
  ],
)
const oddPattern = fc.oneof(
  fc.array(pieces, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join('/')}`),
  fc.array(pieces, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join('')}`),
)

function countTests(work: () => void): number {
  let tried = 0
  const real = URLPattern.prototype.test
  URLPattern.prototype.test = function counted(...given: Parameters<typeof real>) {
    tried++
    return real.apply(this, given)
  }
  try {
    work()
  } finally {
    URLPattern.prototype.test = real
  }
  return tried
}

/** The index of a thousand patterns, the nth made from n. */
function indexOf(pattern: (n: number) => string) {
  return createPathIndex(
    Array.from({ length: 1000 }, (_, n) => ({ value: n, patterns: [pattern(n)] })),
  )
}

describe('a path index', () => {
  test('finds what trying every pattern would find, in the order of the list', () => {
    const patterns = fc.array(pattern.filter(isPattern), { minLength: 1, maxLength: 3 })
    const values = fc.array(patterns, { minLength: 1, maxLength: 6 })
    const property = fc.property(values, fc.array(path, { maxLength: 10 }), (lists, paths) => {
      const index = createPathIndex(lists.map((list, value) => ({ value, patterns: list })))
      for (const pathname of paths) {
        const brute = lists.flatMap((list, value) =>
          list.some((one) => patternOf(one).test({ pathname })) ? [value] : [],
        )
        if (index.match(pathname).join() !== brute.join()) {
          throw new Error(`${pathname}: ${index.match(pathname)} for ${brute}`)
        }
      }
    })
    fc.assert(property, { seed: 15, numRuns: 1000 })
  })

  test('finds what the pattern finds, however it is written', () => {
    let matches = 0
    const property = fc.property(
      oddPattern.filter(isPattern),
      fc.array(path, { maxLength: 12 }),
      (text, paths) => {
        const index = createPathIndex([{ value: text, patterns: [text] }])
        for (const pathname of paths) {
          const expected = patternOf(text).test({ pathname }) ? [text] : []
          matches += expected.length
          expect([pathname, index.match(pathname)]).toEqual([pathname, expected])
        }
      },
    )
    fc.assert(property, { seed: 31, numRuns: 1200 })
    expect(matches).toBeGreaterThan(300)
  })

  test.each([
    ['/\\)(a/b/c|d)\\(', '/)d('],
    ['/(x[^\\}]*)(a/b/c|d)', '/xd'],
    ['/:x((?:a/b/c|d))', '/d'],
    ['/a{/b/c}?/d', '/a/d'],
    ['/{a/b/}?c', '/c'],
    ['/a/../b', '/b'],
    ['/*/a/%2e%2E/b', '/x/b'],
  ])('is not misled by %s', (text, pathname) => {
    expect(patternOf(text).test({ pathname })).toBe(true)
    expect(createPathIndex([{ value: 1, patterns: [text] }]).match(pathname)).toEqual([1])
  })

  test.each([
    ['after a first segment of any name', (n: number) => `/:language/c${n}/*`, '/sv/c500/x'],
    ['after anything', (n: number) => `/*/c${n}`, '/a/b/c500'],
    ['after a choice', (n: number) => `/:language(en|sv)/c${n}/:id`, '/en/c500/7'],
    ['between wildcards', (n: number) => `/*/c${n}/:id`, '/a/b/c500/7'],
    ['last, behind one that many share', (n: number) => `/:language/shop/c${n}`, '/sv/shop/c500'],
    ['first, before ones that many share', (n: number) => `/c${n}/shop/:id`, '/c500/shop/7'],
    ['as a pair', (n: number) => `/a${n % 40}-/b${n % 39}-/*`, '/a20-/b32-/x'],
  ])('tries one of a thousand patterns whose own segment stands %s', (_, toPattern, pathname) => {
    const index = indexOf(toPattern)
    expect(countTests(() => expect(index.match(pathname)).toEqual([500]))).toBe(1)
    expect(countTests(() => index.match('/elsewhere/x'))).toBe(0)
  })

  test('tries nothing for a path asked before, nor takes paths for one another', () => {
    const index = indexOf((n) => `/c${n}/*`)
    const expected = (n: number) => [[n], []]
    const ask = (n: number) => [index.match(`/c${n}/x`), index.match(`/c${n}`)]
    for (let n = 0; n < 1000; n++) expect(ask(n)).toEqual(expected(n))
    expect(countTests(() => expect(ask(999)).toEqual(expected(999)))).toBe(0)
    expect(ask(0)).toEqual(expected(0))
  })

  test('finds paths of any length', () => {
    const index = createPathIndex([{ value: 1, patterns: ['/a/*'] }])
    const long = `/a/${'x/'.repeat(5000)}`
    expect([index.match(long), index.match(long), index.match(`/b${long}`)]).toEqual([[1], [1], []])
  })

  test('refuses what is no pattern', () => {
    expect(() => createPathIndex([{ value: 1, patterns: ['/a/:'] }])).toThrow(TypeError)
  })
})
