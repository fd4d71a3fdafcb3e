import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatOf,
  locate,
  parseFile,
  printFile,
  printMistake,
  withEtag,
} from '../../../src/cli/config-file.ts'
import { type Configuration, ConfigurationSchema } from '../../../src/model/configuration.ts'
import { configurationOf } from '../../workers/configuration.ts'

const read = (text: string): Configuration => {
  const file = parseFile(text)
  if (!file.ok) throw new Error(JSON.stringify(file.error))
  return file.value.configuration
}

/** A configuration whose texts are these. */
const withTexts = (name: string, template: string, content: string): Configuration =>
  configurationOf({
    modules: [{ id: 'm', name, template, fields: { text: { kind: 'text' } } }],
    variants: [{ id: 'v', name, module: 'm', content: { text: content, [name]: [content, null] } }],
    ...{ experiences: [], policies: [] },
  })

/** What has made round trips of YAML lossy. */
const ODD = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    ...['yes', 'no', 'null', '~', '1e3', '0x1F', '2026-11-27', '2026-11-27T10:00:00Z', '.inf', ''],
    ...[
      '- a',
      '# no comment',
      'a: b',
      '"',
      "'",
      '|',
      '>',
      '&a',
      '*a',
      '!!js',
      '%TAG',
      '---',
      '...',
    ],
    ...[
      ' ',
      ' leads',
      'trails ',
      '\n',
      'a\n',
      '\na',
      'a\n\n\nb',
      'a\r\nb',
      '\t',
      'x\u0085y',
      '\u2028',
    ],
    ...['\ufeff', '<<', '=', '{{title}}', '[a]', '{a: 1}', '01', '1_000', '1:30', 'O’Clock'],
  ),
)

describe('what is written is read', () => {
  test.each(['yaml', 'json'] as const)('as %s, whatever stands in its texts', (format) => {
    const texts = fc.tuple(
      fc.string({ maxLength: 60 }).filter((name) => name !== '__proto__'),
      ODD,
      ODD,
    )
    fc.assert(
      fc.property(texts, ([name, template, content]) => {
        const before = ConfigurationSchema.parse(withTexts(name, template || 'x', content))
        expect(read(printFile(before, { format }))).toEqual(before)
      }),
      { numRuns: 400, seed: 8 },
    )
  })

  test('as it was, with the version that it was made from', () => {
    const text = printFile(configurationOf(), { format: 'yaml', etag: '"12"' })
    const file = parseFile(text)
    expect(file).toMatchObject({ ok: true, value: { etag: '"12"' } })
    expect(parseFile(withEtag(text, '"13"'))).toMatchObject({ value: { etag: '"13"' } })
    expect(withEtag(text, '"13"').replace('"13"', '"12"')).toBe(text)
  })

  test('for people: texts of several lines as such, and nothing of what there is none of', () => {
    const text = printFile(withTexts('Strip', '<p>\n  {{text}}\n</p>\n', 'x'), { format: 'yaml' })
    expect(text).toContain('template: |\n      <p>\n        {{text}}\n      </p>\n')
    expect(text).not.toContain('policies')
    expect(text).not.toContain('etag')
  })
})

describe('a mistake is told at its place', () => {
  const lines = (text: string) => {
    const file = parseFile(text)
    return file.ok ? [] : file.error.map((mistake) => printMistake('f.yaml', mistake))
  }
  const HEAD =
    'site:\n  id: shop\n  name: Shop\n  hosts: [shop.test]\n  origin: https://o.example\n'

  test.each<[string, RegExp]>([
    ['site: [', /^f\.yaml:1:\d+ {2}bad_syntax {2}/],
    ['a: 1\na: 2\n', /^f\.yaml:2:1 {2}bad_syntax {2}.*unique/],
    [`${HEAD}shoes: []\n`, /^f\.yaml:1:1 {2}invalid {2}.*shoes/],
    [
      `${HEAD}slots:\n  - id: hero\n    selector: 7\n    pages: ['/']\n`,
      /^f\.yaml:8:15 {2}invalid/,
    ],
    [`${HEAD}slots:\n  - id: hero\n    pages: ['/']\n`, /^f\.yaml:7:5 {2}invalid/],
    [`${HEAD}  holdout: !!binary aGk=\n`, /^f\.yaml:6:/],
    ['', /^f\.yaml:1:1 {2}invalid/],
  ])('%j', (text, expected) => expect(lines(text)[0]).toMatch(expected))

  test('in JSON too', () => {
    const text = printFile(configurationOf(), { format: 'json' })
    const file = parseFile(text)
    if (!file.ok) throw new Error('It is right.')
    const problem = { code: 'invalid' as const, pointer: '/slots/1/selector', detail: 'x' }
    const [place] = locate([problem], file.value)
    expect(text.split('\n')[(place?.line ?? 0) - 1]).toContain('"selector": "main > .offers"')
  })

  test('a few lines do not grow to many', () => {
    const laughs = [...Array(12)].map(
      (_, n) =>
        `k${n}: &a${n} [${[...Array(10)].map(() => (n === 0 ? 'lol' : `*a${n - 1}`)).join()}]`,
    )
    expect(() => parseFile(laughs.join('\n'))).toThrow(/alias/i)
  })
})

test.each([
  ['site.yaml', 'yaml'],
  ['site.yml', 'yaml'],
  ['-', 'yaml'],
  ['SITE.JSON', 'json'],
])('%s is %s', (name, format) => expect(formatOf(name)).toBe(format))
