import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'

test('a board that was never written says nothing is published', async () => {
  const current = await env.BOARD.getByName('nobody').read(undefined)
  expect(current).toMatchObject({ revision: 0, off: false, weights: {} })
})
