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

  test('tries the patterns of a path’s own branch only', () => {
    let tried = 0
    const real = URLPattern.prototype.test
    URLPattern.prototype.test = function counted(...given: Parameters<typeof real>) {
      tried++
      return real.apply(this, given)
    }
    try {
      const values = Array.from({ length: 1000 }, (_, n) => ({
        value: n,
        patterns: [`/c${n}/:id`],
      }))
      expect(createPathIndex(values).match('/c500/7')).toEqual([500])
      expect(tried).toBe(1)
    } finally {
      URLPattern.prototype.test = real
    }
  })

  test('refuses what is no pattern', () => {
    expect(() => createPathIndex([{ value: 1, patterns: ['/a/:'] }])).toThrow(TypeError)
  })
})
