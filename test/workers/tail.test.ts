import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { Tail, type TailEntry } from '../../src/events/tail.ts'

const entry = (messageId: string): TailEntry => ({
  ...{ messageId, what: 'track Looked', outcome: 'accepted', met: [] },
})

const inStorage = <T>(name: string, work: (sql: SqlStorage) => T): Promise<T> =>
  runInDurableObject(env.VISITORS.getByName(name), (_, { storage }) => work(storage.sql))

test('a tail holds four thousand deliveries of all visitors, and begins again where it was', () =>
  inStorage('tail:any:1', (sql) => {
    const write = (tail: Tail, visitor: string, id: string) =>
      tail.write(visitor, { events: [entry(id)], effects: [] }, 5)
    const tail = new Tail(sql)
    for (let n = 0; n < 10; n++) write(tail, 'early', `e${n}`)
    for (let n = 0; n < 3_995; n++) write(tail, 'busy', `b${n}`)
    expect(sql.exec('SELECT COUNT(*) AS rows FROM tail').one().rows).toBe(4_000)
    const idsOf = (visitor: string) =>
      new Tail(sql).read(visitor).flatMap(({ events }) => events.map(({ messageId }) => messageId))
    expect(idsOf('early')).toEqual(['e9', 'e8', 'e7', 'e6', 'e5'])
    write(new Tail(sql), 'early', 'last')
    expect(idsOf('early')).toEqual(['last', 'e9', 'e8', 'e7', 'e6'])
    expect(idsOf('busy')).toHaveLength(50)
    expect(idsOf('busy')[0]).toBe('b3994')
    tail.erase('early')
    expect(idsOf('early')).toEqual([])
  }))

test('a tail shows some fifty events, and writes nothing for an empty delivery', () =>
  inStorage('tail:any:2', (sql) => {
    const tail = new Tail(sql)
    tail.write('v', { events: [], effects: [] }, 1)
    for (let n = 0; n < 9; n++) {
      const events = Array.from({ length: 12 }, (_, place) => entry(`${n}-${place}`))
      tail.write('v', { events, effects: [] }, n)
    }
    const shown = tail.read('v')
    expect(shown.map(({ receivedAt }) => receivedAt)).toEqual([8, 7, 6, 5, 4])
    tail.write('v', { events: Array.from({ length: 90 }, () => entry('x')), effects: [] }, 9)
    expect(tail.read('v')[0]?.events).toHaveLength(50)
  }))
