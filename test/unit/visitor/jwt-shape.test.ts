import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCompact } from '../../../src/visitor/jwt-shape.ts'
import { part } from './issuer.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const OPTIONS = { seed: 20260601, numRuns: 1000 }

const read = (payload: string) => readCompact(`${part('{"alg":"x"}')}.${part(payload)}.AAAA`)

const members = fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.json({ maxDepth: 3 })), {
  minLength: 1,
  maxLength: 6,
})

/** JSON allows any character of a name to be written by its number. */
const escaped = (name: string) =>
  `"${[...name]
    .flatMap((letter) => letter.split(''))
    .map(byNumber)
    .join('')}"`
const byNumber = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

const object = (pairs: readonly (readonly [string, string])[]) =>
  `{ ${pairs.map(([name, json]) => `${name} : ${json}`).join(' , ')} }`

describe('readCompact', () => {
  it('reads whatever JSON object has each name once', () => {
    const unique = fc.uniqueArray(
      fc.tuple(fc.string({ unit: 'binary' }), fc.json({ maxDepth: 3 })),
      {
        selector: ([name]) => name,
        maxLength: 6,
      },
    )
    fc.assert(
      fc.property(unique, (pairs) => {
        const json = object(pairs.map(([name, value]) => [escaped(name), value]))
        const result = read(json)
        expect(result.ok && result.value.payload).toEqual(JSON.parse(json))
      }),
      OPTIONS,
    )
  })

  it('refuses a name given twice, however it is spelt', () => {
    fc.assert(
      fc.property(members, fc.nat(), fc.json(), (pairs, at, value) => {
        const [name] = pairs[at % pairs.length] ?? ['']
        const spelt = pairs.map(([other, json]) => [JSON.stringify(other), json] as const)
        expect(read(object([...spelt, [escaped(name), value]])).ok).toBe(false)
      }),
      OPTIONS,
    )
  })

  it('reads each byte string in one spelling only', () => {
    const header = part('{"alg":"x"}')
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(bytes, (content) => {
        const honest = part(Uint8Array.from(content))
        const spellings = [...LETTERS].map((letter) => honest.slice(0, -1) + letter)
        const same = spellings.filter((text) => decodeLoosely(text) === decodeLoosely(honest))
        expect(same).toHaveLength([1, 16, 4][content.length % 3] ?? 0)
        const read = same.filter((text) => readCompact(`${header}.${header}.${text}`).ok)
        expect(read).toEqual([honest])
      }),
      OPTIONS,
    )
  })

  it('takes 8 KB of nested brackets in its stride', () => {
    const depth = 2900
    expect(read(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`).ok).toBe(true)
    expect(read(`{"a":${'['.repeat(2 * depth)}}`).ok).toBe(false)
  })
})

/** As most decoders do: unused bits are dropped. */
function decodeLoosely(text: string): string {
  return atob(text.replaceAll('-', '+').replaceAll('_', '/'))
}
