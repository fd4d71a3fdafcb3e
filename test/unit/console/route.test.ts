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
    ['#/sites/demo', { screen: 'site', site: 'demo' }],
    ['#/sites/demo/', { screen: 'site', site: 'demo' }],
    [
      '#/sites/demo/figures/hero?days=7&control=a%26b',
      { screen: 'report', site: 'demo', experience: 'hero', asked: 'days=7&control=a%26b' },
    ],
    ['#/sites/demo/figures', { screen: 'unknown', path: '/sites/demo/figures' }],
    ['#/sites/demo/modules', { screen: 'things', site: 'demo', kind: 'modules' }],
    ['#/sites/demo/modules/hero', { screen: 'thing', site: 'demo', kind: 'modules', id: 'hero' }],
    ['#/sites/demo/modules/~new', { screen: 'thing', site: 'demo', kind: 'modules', id: null }],
    ['#/sites/demo/publish', { screen: 'tool', site: 'demo', tool: 'publish' }],
    ['#/sites/a%2Fb', { screen: 'site', site: 'a/b' }],
    ['#/sites/%E0%A4', { screen: 'site', site: '%E0%A4' }],
    ['#/sites/demo/toString', { screen: 'unknown', path: '/sites/demo/toString' }],
    ['#/sites/demo/publish/3', { screen: 'unknown', path: '/sites/demo/publish/3' }],
    ['#/sites/a/experiences/b/c', { screen: 'unknown', path: '/sites/a/experiences/b/c' }],
    ['#/staff', { screen: 'unknown', path: '/staff' }],
  ])('%s', (hash, route) => expect(parseRoute(hash)).toEqual(route))

  test('every route is where its own address leads', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' })
    const site = fc.record({ screen: fc.constant<'site'>('site'), site: name })
    const report = fc.record({
      screen: fc.constant<'report'>('report'),
      site: name,
      experience: name,
      asked: fc.webQueryParameters().map((query) => query.replaceAll('?', '')),
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
      fc.property(fc.oneof(site, report, thing, tool), (route) => {
        expect(parseRoute(toHash(route))).toEqual(route)
      }),
      { seed: 12 },
    )
    expect(parseRoute(toHash({ screen: 'overview' }))).toEqual({ screen: 'overview' })
  })
})

test('another question is the same screen, another experience is not', () => {
  const key = (hash: string) => toScreenKey(parseRoute(hash))
  expect(key('#/sites/demo/figures/hero?days=7')).toBe(key('#/sites/demo/figures/hero'))
  expect(key('#/sites/demo/figures/hero')).not.toBe(key('#/sites/demo/figures/notice'))
  expect(key('#/sites/demo/figures/hero')).not.toBe(key('#/sites/demo'))
  expect(key('#/sites/shop')).not.toBe(key('#/sites/demo'))
  expect(key('#/sites/demo/modules/a')).not.toBe(key('#/sites/demo/modules/b'))
  expect(key('#/')).not.toBe(key('#/sites/demo'))
})
