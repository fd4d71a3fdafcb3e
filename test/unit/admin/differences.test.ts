import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Difference, differencesOf } from '../../../src/admin/differences.ts'
import { type Configuration, ConfigurationSchema, KINDS } from '../../../src/model/configuration.ts'

const slot = (id: string, changes: object = {}) => ({
  ...{ id, selector: `#${id}`, pages: ['/'] },
  ...changes,
})
const variant = (id: string, content: object = {}) => ({ id, module: 'banner', content })

const configurationOf = (changes: object = {}): Configuration =>
  ConfigurationSchema.parse({
    site: { id: 'shop', name: 'Shop', hosts: ['shop.test'], origin: 'https://origin.example' },
    modules: [{ id: 'banner', template: '<p>{{title}}</p>', fields: { title: { kind: 'text' } } }],
    ...changes,
  })

const between = (before: object, after: object) =>
  differencesOf(configurationOf(before), configurationOf(after))

describe('differences', () => {
  test('of what is the same are none', () => {
    expect(between({ slots: [slot('hero')] }, { slots: [slot('hero')] })).toEqual([])
  })

  test('tell what was added, removed and changed, field by field, in words', () => {
    const before = { slots: [slot('hero', { name: 'Hero' }), slot('gone')] }
    const after = { slots: [slot('hero', { name: 'Hero', pages: ['/', '/b'] }), slot('new')] }
    expect(between(before, after)).toMatchObject([
      { kind: 'slots', id: 'gone', change: 'removed', sentence: 'Slot “gone” removed.' },
      {
        ...{ kind: 'slots', id: 'hero', change: 'changed', sentence: 'Slot “Hero” changed.' },
        fields: [{ pointer: '/pages/1', after: '/b', sentence: 'pages 2: nothing → “/b”' }],
      },
      { kind: 'slots', id: 'new', change: 'added', sentence: 'Slot “new” added.' },
    ])
  })

  test('tell another order, as of equals the first one wins', () => {
    const [found] = between(
      { slots: [slot('a'), slot('b')] },
      { slots: [slot('b'), slot('a'), slot('c')] },
    ).filter(({ change }) => change === 'moved')
    expect(found?.sentence).toBe('The slots stand in another order.')
  })

  test('of the site itself name the field', () => {
    const site = configurationOf().site
    const [found] = between({}, { site: { ...site, holdout: 0.1 } })
    expect(found?.fields).toMatchObject([{ pointer: '/holdout', before: 0.05, after: 0.1 }])
  })

  test('cut long values, and point at names with slashes', () => {
    const [found] = between(
      { variants: [variant('v', { 'a/b~': 'x' })] },
      { variants: [variant('v', { 'a/b~': 'y'.repeat(500) })] },
    )
    expect(found?.fields[0]?.pointer).toBe('/content/a~1b~0')
    expect(found?.fields[0]?.sentence.length).toBeLessThan(160)
  })

  test('are enough to make the one out of the other', () => {
    const texts = fc.constantFrom('', 'a', 'b/c', '~d')
    const contents = fc.dictionary(
      texts.filter(Boolean),
      fc.oneof(texts, fc.nat(3), fc.array(texts)),
    )
    const variants = fc.uniqueArray(
      fc.record({ id: fc.constantFrom('v1', 'v2', 'v3', 'v4'), content: contents }),
      { selector: ({ id }) => id },
    )
    const property = fc.property(variants, variants, (one, other) => {
      const [before, after] = [one, other].map((all) =>
        configurationOf({ variants: all.map(({ id, content }) => variant(id, content)) }),
      )
      if (!before || !after) throw new Error('nothing')
      const changed = apply(before, after, differencesOf(before, after))
      for (const kind of KINDS) expect(sorted(changed[kind])).toEqual(sorted(after[kind]))
    })
    fc.assert(property, { seed: 8, numRuns: 300 })
  })
})

const sorted = (things: readonly { id: string }[]) =>
  things.toSorted((a, b) => (a.id < b.id ? -1 : 1))

/** Carries differences out; what is new as a whole is taken from where it is. */
function apply(before: Configuration, after: Configuration, found: readonly Difference[]) {
  const variants = new Map(before.variants.map((one) => [one.id, structuredClone(one)]))
  for (const { id, change, fields } of found) {
    const fresh = after.variants.find((one) => one.id === id)
    if (change === 'removed') variants.delete(id)
    if (change === 'added' && fresh) variants.set(id, fresh)
    if (change !== 'changed') continue
    const thing = variants.get(id)
    // From the back, so that places in lists stay what they are.
    for (const { pointer, after: value } of fields.toReversed()) set(thing, pointer, value)
  }
  return { ...after, variants: [...variants.values()] }
}

function set(thing: unknown, pointer: string, value: unknown): void {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = names.pop() ?? ''
  const parent = names.reduce<unknown>((node, name) => Reflect.get(Object(node), name), thing)
  if (value !== undefined) Reflect.set(Object(parent), last, value)
  else if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else Reflect.deleteProperty(Object(parent), last)
}
