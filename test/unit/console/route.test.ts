import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRoute, type Route, toHash, toScreenKey } from '../../../src/console/route.ts'

describe('addresses', () => {
  test.each<[string, Route]>([
    ['', { screen: 'overview' }],
    ['#', { screen: 'overview' }],
    ['#/', { screen: 'overview' }],
    ['#/sites', { screen: 'overview' }],
    ['#/sites/demo', { screen: 'site', site: 'demo', experience: null }],
    ['#/sites/demo/', { screen: 'site', site: 'demo', experience: null }],
    ['#/sites/demo/experiences/hero', { screen: 'site', site: 'demo', experience: 'hero' }],
    ['#/sites/a%2Fb', { screen: 'site', site: 'a/b', experience: null }],
    ['#/sites/%E0%A4', { screen: 'site', site: '%E0%A4', experience: null }],
    ['#/sites/demo/modules', { screen: 'unknown', path: '/sites/demo/modules' }],
    ['#/sites/demo/experiences', { screen: 'unknown', path: '/sites/demo/experiences' }],
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
    fc.assert(
      fc.property(site, (route) => {
        expect(parseRoute(toHash(route))).toEqual(route)
      }),
      { seed: 12 },
    )
    expect(parseRoute(toHash({ screen: 'overview' }))).toEqual({ screen: 'overview' })
  })
})

test('another experience is the same screen, another site is not', () => {
  const key = (hash: string) => toScreenKey(parseRoute(hash))
  expect(key('#/sites/demo/experiences/hero')).toBe(key('#/sites/demo'))
  expect(key('#/sites/shop')).not.toBe(key('#/sites/demo'))
  expect(key('#/')).not.toBe(key('#/sites/demo'))
})
