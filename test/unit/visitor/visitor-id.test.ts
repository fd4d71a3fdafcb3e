import { describe, expect, test } from 'vitest'
import { createVisitorId, shardOf } from '../../../src/visitor/visitor-id.ts'

const RANDOM = Uint8Array.from({ length: 16 }, (_, n) => n * 17)

describe('a visitor id', () => {
  test.each([
    ['EU', 'weur'],
    ['NA', 'enam'],
    ['SA', 'sam'],
    ['AS', 'apac'],
    ['OC', 'oc'],
    ['AF', 'afr'],
    ['AN', 'any'],
    ['', 'any'],
  ])('made in %s names the region %s, its shard and 128 random bits', (continent, region) => {
    const id = createVisitorId(continent, 16, RANDOM)
    expect(id).toMatch(new RegExp(`^${region}-\\d+-[A-Za-z0-9_-]{22}$`))
    expect(shardOf('shop', id)).toEqual({ name: `shop:${region}:${17 % 16}`, hint: region })
  })

  test('stays with its shard when there are more shards later', () => {
    const id = createVisitorId('EU', 4, RANDOM)
    expect(shardOf('shop', id)?.name).toBe('shop:weur:1')
  })

  test('falls evenly on every shard', () => {
    const shards = Array.from({ length: 65_536 }, (_, n) => {
      const random = Uint8Array.of(n >> 8, n & 255, ...RANDOM.slice(2))
      return shardOf('s', createVisitorId('EU', 4096, random))?.name
    })
    const counts = [...Map.groupBy(shards, (name) => name).values()].map((all) => all.length)
    expect(counts).toHaveLength(4096)
    expect(new Set(counts)).toEqual(new Set([16]))
  })

  test.each([
    ['nothing', ''],
    ['another region', 'mars-1-AAAAAAAAAAAAAAAAAAAAAA'],
    ['five digits', 'weur-12345-AAAAAAAAAAAAAAAAAAAAAA'],
    ['no shard', 'weur--AAAAAAAAAAAAAAAAAAAAAA'],
    ['too short', 'weur-1-AAAAAAAAAAAAAAAAAAAAA'],
    ['too long', 'weur-1-AAAAAAAAAAAAAAAAAAAAAAA'],
    ['a name of another object', 'weur-1-AAAAAAAAAAAAAAAAAAAA:1'],
    ['a line more', 'weur-1-AAAAAAAAAAAAAAAAAAAAAA\n'],
  ])('that is %s names no shard', (_, id) => {
    expect(shardOf('shop', id)).toBeUndefined()
  })
})
