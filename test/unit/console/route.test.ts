import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRoute, type Route, TOOLS, toHash, toScreenKey } from '../../../src/console/route.ts'
import type { Kind } from '../../../src/model/configuration.ts'

describe('addresses', () => {
  test.each<[string, Route]>([
    ['', { screen: 'overview' }],
    ['#', { screen: 'overview' }],
    ['#/', { screen: 'overview' }],
    ['#/sites', { screen: 'overview' }],
    ['#/sites/demo', { screen: 'site', site: 'demo', experience: null }],
    ['#/sites/demo/', { screen: 'site', site: 'demo', experience: null }],
    ['#/sites/demo/figures/hero', { screen: 'site', site: 'demo', experience: 'hero' }],
    ['#/sites/demo/modules', { screen: 'things', site: 'demo', kind: 'modules' }],
    ['#/sites/demo/modules/hero', { screen: 'thing', site: 'demo', kind: 'modules', id: 'hero' }],
    ['#/sites/demo/modules/~new', { screen: 'thing', site: 'demo', kind: 'modules', id: null }],
    ['#/sites/demo/publish', { screen: 'tool', site: 'demo', tool: 'publish' }],
    ['#/sites/a%2Fb', { screen: 'site', site: 'a/b', experience: null }],
    ['#/sites/%E0%A4', { screen: 'site', site: '%E0%A4', experience: null }],
    ['#/sites/demo/toString', { screen: 'unknown', path: '/sites/demo/toString' }],
    ['#/sites/demo/publish/3', { screen: 'unknown', path: '/sites/demo/publish/3' }],
    ['#/sites/a/experiences/b/c', { screen: 'unknown', path: '/sites/a/experiences/b/c' }],
    ['#/staff', { screen: 'unknown', path: '/staff' }],
  ])('%s', (hash, route) => expect(parseRoute(hash)).toEqual(route))

  test('every route is where its own address leads', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' })
    const site = fc.record({
      screen: fc.constant<'site'>('site'),
      site: name,
      experience: fc.option(name),
    })
    const thing = fc.record({
      screen: fc.constant<'thing'>('thing'),
      site: name,
      kind: fc.constantFrom<Kind[]>('modules', 'experiences', 'slots'),
      id: fc.option(name),
    })
    const tool = fc.record({
      screen: fc.constant<'tool'>('tool'),
      site: name,
      tool: fc.constantFrom(...TOOLS),
    })
    fc.assert(
      fc.property(fc.oneof(site, thing, tool), (route) => {
        expect(parseRoute(toHash(route))).toEqual(route)
      }),
      { seed: 12 },
    )
    expect(parseRoute(toHash({ screen: 'overview' }))).toEqual({ screen: 'overview' })
  })
})

test('another experience is the same screen, another site is not', () => {
  const key = (hash: string) => toScreenKey(parseRoute(hash))
  expect(key('#/sites/demo/figures/hero')).toBe(key('#/sites/demo'))
  expect(key('#/sites/shop')).not.toBe(key('#/sites/demo'))
  expect(key('#/sites/demo/modules/a')).not.toBe(key('#/sites/demo/modules/b'))
  expect(key('#/')).not.toBe(key('#/sites/demo'))
})
