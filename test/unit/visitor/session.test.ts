import { describe, expect, test } from 'vitest'
import { newestOf, progressOf, visitOf } from '../../../src/visitor/session.ts'
import { AT, event, foldAll } from './histories.ts'

const MINUTE = 60_000

const view = (name: string, minutes: number) => ({ at: AT + minutes * MINUTE, name, isPage: true })
const deed = (name: string, minutes: number) => ({ ...view(name, minutes), isPage: false })

describe('a visit', () => {
  test('of nobody is none', () => {
    expect(visitOf([])).toEqual({ pages: 0, seconds: 0, landing: '', lastAt: 0 })
  })

  test('goes on for half an hour after each deed, to the ms', () => {
    const later = { ...view('/b', 30), at: AT + 30 * MINUTE }
    expect(visitOf([view('/a', 0), later])).toMatchObject({ pages: 2, landing: '/a' })
    const tooLate = { ...later, at: AT + 30 * MINUTE + 1 }
    expect(visitOf([view('/a', 0), tooLate])).toEqual({
      ...{ pages: 1, seconds: 0, landing: '/b', lastAt: tooLate.at },
    })
  })

  test('is the newest of several', () => {
    const deeds = [view('/a', 0), view('/b', 45), view('/c', 46), view('/d', 100), view('/e', 101)]
    expect(visitOf(deeds)).toMatchObject({ pages: 2, landing: '/d', seconds: 60 })
  })

  test('lands on its first page, whatever came before it', () => {
    expect(visitOf([deed('ad_clicked', 0), view('/a', 1), view('/b', 2)]).landing).toBe('/a')
    expect(visitOf([deed('ad_clicked', 0)])).toMatchObject({ pages: 0, landing: '', lastAt: AT })
  })

  test.each<[string, readonly number[], number]>([
    ['nothing for the page that it ends on', [0], 0],
    ['from deed to deed', [0, 1, 3], 180],
    ['five minutes a page at most', [0, 5, 30], 600],
    ['of a long look no more', [0, 29], 300],
  ])('takes %s', (_, minutes, seconds) => {
    expect(visitOf(minutes.map((minute) => view('/', minute))).seconds).toBe(seconds)
  })
})

describe('a basket', () => {
  test.each<[string, number | undefined, number | undefined, number, string]>([
    ['never begun', undefined, undefined, 0, 'none'],
    ['never begun, but ordered', undefined, 0, 5, 'none'],
    ['just begun', 0, undefined, 0, 'open'],
    ['half an hour old', 0, undefined, 30, 'open'],
    ['older', 0, undefined, 31, 'abandoned'],
    ['ordered since', 0, 1, 5, 'none'],
    ['ordered in the same moment', 0, 0, 40, 'none'],
    ['begun after an order', 10, 5, 20, 'open'],
    ['begun after an order, and left', 10, 5, 50, 'abandoned'],
  ])('%s', (_, began, ended, now, expected) => {
    const at = (minutes: number | undefined) =>
      minutes === undefined ? undefined : AT + minutes * MINUTE
    expect(progressOf(at(began), at(ended), AT + now * MINUTE)).toBe(expected)
  })

  test('goes by the newest of its events, and by no name of an object’s own making', () => {
    const { events } = foldAll([
      event({ name: 'Product Added' }),
      event({ name: 'Cart Viewed', at: AT + 5 }),
      event({ name: 'constructor', at: AT + 9 }),
    ])
    expect(newestOf(events, ['product_added', 'cart_viewed'])).toBe(AT + 5)
    expect(newestOf(events, ['order_completed', 'toString'])).toBeUndefined()
  })
})
