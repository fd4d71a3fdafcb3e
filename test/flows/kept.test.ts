import { afterAll, beforeAll, expect, test } from 'vitest'
import { personal } from '../faults/checks.ts'
import type { Answer } from '../faults/client.ts'
import { CASES } from '../faults/origin.ts'
import { type Person, STRANGER } from '../faults/people.ts'
import { openStage, type Stage } from '../faults/stage.ts'
import { eventually } from './instance.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

interface Look {
  /** Nothing, where the page is as personal as it can be, every other byte the origin's. */
  readonly wrong: string | undefined
  readonly kept: boolean
}

async function look(path: string, person: Person): Promise<Look> {
  const answer = await stage.client.ask({ path, headers: person.headers })
  const pieces = CASES[path.split('/').at(-1) ?? '']?.pieces?.() ?? []
  const { wrong } = personal(answer, { path, person, pieces })
  return {
    wrong,
    kept: (answer.headers.get('server-timing') ?? '').includes('sv-page;desc="kept"'),
  }
}

const asked = (path: string) => stage.origin.seen.get(path)?.count ?? 0

async function untilKept(path: string): Promise<void> {
  const [person] = stage.people
  if (!person) throw new Error('Nobody is there to ask.')
  await eventually(
    `${path} kept`,
    () => look(path, person),
    ({ kept }) => kept,
  )
}

test('one page for all, another one for each', async () => {
  await untilKept('/p/kept')
  const before = asked('/p/kept')
  for (const person of stage.people) {
    expect(await look('/p/kept', person)).toEqual({ wrong: undefined, kept: true })
  }
  expect(asked('/p/kept')).toBe(before)
})

test('what the origin confirms is parsed once, and asked about each time', async () => {
  await untilKept('/p/confirmed')
  const before = asked('/p/confirmed')
  for (const person of stage.people) {
    // Whoever is signed in may get a page of their own from the origin, which does not say otherwise.
    const kept = person.who !== 'member'
    expect(await look('/p/confirmed', person)).toEqual({ wrong: undefined, kept })
  }
  expect(asked('/p/confirmed')).toBe(before + stage.people.length)
  await look('/p/confirmed', STRANGER)
  expect(stage.origin.seen.get('/p/confirmed')?.headers['if-none-match']).toBe('"c1"')
})

test('a cookie that comes with a confirmation is this visitor’s alone', async () => {
  const ask = () => stage.client.ask({ path: '/p/confirmed-with-a-cookie' })
  const isKept = ({ headers }: Answer) => (headers.get('server-timing') ?? '').includes('"kept"')
  const { headers } = await eventually('a page that is kept', ask, isKept)
  expect(headers.getSetCookie()).toContain('own=1')
})

test('a page outlives its origin for as long as that allows', async () => {
  const path = '/p/kept-while-down'
  await untilKept(path)
  await eventually(
    'the origin down',
    async () => (await stage.direct.ask({ path })).status,
    (status) => status === 503,
  )
  expect(await look(path, STRANGER)).toEqual({ wrong: undefined, kept: true })
})

test('the head of a page, a part of it, and a robot’s copy are right', async () => {
  await untilKept('/p/kept')
  const path = '/p/kept'
  const head = await stage.client.ask({ path, method: 'HEAD' })
  expect([head.status, head.body.length]).toEqual([200, 0])
  const part = await stage.client.ask({ path, headers: { range: 'bytes=0-9' } })
  expect([part.status, part.body.includes('</html>')]).toEqual([200, true])
  const robot = await stage.client.ask({ path, headers: { 'user-agent': 'Googlebot/2.1' } })
  const origin = await stage.direct.ask({ path })
  expect(robot.body.equals(origin.body)).toBe(true)
  expect(robot.headers.get('cache-control')).toBe('public, max-age=600')
  expect(Number(robot.headers.get('age'))).toBeGreaterThanOrEqual(0)
})

test('publishing cuts every page anew', async () => {
  await untilKept('/p/kept')
  const before = asked('/p/kept')
  await stage.publish({ id: 'faults', hosts: [`localhost:${stage.port}`, 'another.test'] })
  await eventually(
    'the page asked for again',
    async () => {
      await stage.client.ask({ path: '/p/kept' })
      return asked('/p/kept')
    },
    (count) => count > before,
  )
})
