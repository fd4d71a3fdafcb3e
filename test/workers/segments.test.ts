import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { checkConfiguration } from '../../src/admin/check.ts'
import { compile } from '../../src/admin/compile.ts'
import { decide } from '../../src/decide/decide.ts'
import { type Bundle, openBundle } from '../../src/model/bundle.ts'
import { ConfigurationSchema } from '../../src/model/configuration.ts'
import type { Dimension } from '../../src/model/segment.ts'
import type { Subject } from '../../src/model/subject.ts'
import { throughGate } from '../subjects.ts'
import { configurationOf, siteOf, withValue } from './configuration.ts'
import { askApi, problemOf, publishDraft, staffToken } from './doors.ts'
import { counts, drain } from './objects.ts'

const PLATFORM = { isSelector: () => true, isAllowedUrl: () => true }

const learning = (segments: readonly Dimension[], more: object = {}) => {
  const allocation = { kind: 'bandit', segments: [...segments], ...more }
  return ConfigurationSchema.parse(
    withValue(configurationOf(), '/experiences/0/allocation', allocation),
  )
}

function bundleOf(segments: readonly Dimension[]): Bundle {
  const compiled = compile(learning(segments), PLATFORM)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error))
  return openBundle(compiled.value, 'hash')
}

function subjectOf(known: {
  readonly signals?: Partial<Subject['signals']>
  readonly visitor?: Partial<Subject['visitor']>
}): Subject {
  const campaign = { source: '', medium: '', name: '' }
  return throughGate({
    signals: {
      ...{ country: 'NO', region: '', city: '', continent: 'EU', device: 'desktop' },
      ...{
        language: 'nb',
        referrer: '',
        campaign,
        hour: 12,
        weekday: 2,
        date: '2026-11-24',
        path: '/',
      },
      ...{ bot: false, prefetch: false, ...known.signals },
    },
    visitor: {
      ...{ tier: 2, returning: false, visits: 1, campaign, signedIn: false, user: {} },
      ...known.visitor,
    },
    profile: {},
  })
}

const only = (variant: string) => ({ calm: 0, loud: 0, [variant]: 10_000 })

describe('a decision by segment', () => {
  const bundle = bundleOf([{ by: 'device' }, { by: 'returning' }])
  const shares = { '': only('calm'), 'phone/new': only('loud') }
  const weights = { 'hero-bandit': { version: 4, at: 1, shares } }
  const decided = (known: Parameters<typeof subjectOf>[0]) => {
    const [decision] = decide(
      { subject: subjectOf(known), now: 1, measured: true },
      bundle,
      weights,
      'me',
    )
    return {
      variant: decision?.picks[0]?.variant,
      segment: decision?.segment,
      version: decision?.version,
    }
  }

  test('goes by the segment’s own shares', () => {
    expect(decided({ signals: { device: 'phone' } })).toEqual({
      ...{ variant: 'loud', segment: 'phone/new', version: 4 },
    })
  })

  test('goes by everybody’s where the segment has none, and still says who it was', () => {
    expect(decided({ signals: { device: 'phone' }, visitor: { returning: true } })).toEqual({
      ...{ variant: 'calm', segment: 'phone/returning', version: 4 },
    })
  })

  test.each<[Dimension, Parameters<typeof subjectOf>[0], string]>([
    [{ by: 'country', values: ['NO'] }, {}, 'NO'],
    [{ by: 'country', values: ['SE'] }, {}, '*'],
    [{ by: 'continent' }, {}, 'EU'],
    [{ by: 'language', values: ['nb'] }, {}, 'nb'],
    [{ by: 'source', values: ['news'] }, {}, '*'],
    [
      { by: 'source', values: ['news'] },
      { signals: { campaign: { source: 'news', medium: '', name: '' } } },
      'news',
    ],
    [{ by: 'signedIn' }, { visitor: { signedIn: true } }, 'signed-in'],
    [{ by: 'audience', audience: 'returning' }, { visitor: { returning: true } }, 'in'],
    [{ by: 'audience', audience: 'returning' }, {}, 'out'],
  ])('%j of %j is “%s”', (dimension, known, segment) => {
    const subject = subjectOf(known)
    const [decision] = decide({ subject, now: 1, measured: true }, bundleOf([dimension]), {}, 'me')
    expect(decision?.segment).toBe(segment)
  })
})

describe('a configuration', () => {
  const codes = (configuration: ReturnType<typeof learning>) =>
    checkConfiguration(configuration, PLATFORM).map(({ code, pointer }) => [code, pointer])

  test('of more segments than weights can hold is refused', () => {
    const values = Array.from({ length: 20 }, (_, n) => `c${n}`)
    expect(codes(learning([{ by: 'country', values }]))).toEqual([])
    expect(codes(learning([{ by: 'country', values }, { by: 'device' }]))).toEqual([
      ['too_many_segments', '/experiences/0/allocation/segments'],
    ])
  })

  test('of a segment by an audience that is not there is refused', () => {
    expect(codes(learning([{ by: 'device' }, { by: 'audience', audience: 'gone' }]))).toEqual([
      ['unknown_reference', '/experiences/0/allocation/segments/1/audience'],
    ])
  })

  test.each([
    [{}, 0.01],
    [{ measured: false }, 0.002],
    [{ measured: false, floor: 0.05 }, 0.05],
    [{ floor: 0 }, 0],
  ])('that says %j has a floor of %d', (more, floor) => {
    const compiled = compile(learning([], more), PLATFORM)
    expect(compiled.ok && compiled.value.experiences[0]?.floor).toBe(floor)
  })
})

test('a roll-back by the API is an editor’s, and shows in the figures', async () => {
  const draft = { ...learning([]), site: configurationOf({ site: siteOf('undo') }).site }
  await publishDraft(draft)
  const learner = env.LEARNERS.getByName('undo/hero-bandit')
  const tell = (version: number, calm: number) => {
    const total = { version, segment: '', variant: 'calm', seq: version }
    return learner.report({
      source: 'undo:weur:1',
      totals: [{ ...total, counts: counts({ delivered: 4000, rewarded: calm }) }],
    })
  }
  await tell(1, 1000)
  await learner.learnNow()
  await tell(2, 4000)
  const newest = await learner.learnNow()
  const path = '/sites/undo/experiences/hero-bandit/rollback'
  const ask = async (version: unknown, role: 'editor' | 'marketer' = 'editor') =>
    askApi(`POST ${path}`, { body: { version }, token: await staffToken(role) })

  expect((await ask(1, 'marketer')).status).toBe(403)
  expect(await problemOf(await ask('one'))).toMatchObject({ code: 'invalid' })
  expect(await problemOf(await ask(99))).toMatchObject({
    code: 'invalid',
    errors: [{ code: 'unknown_reference', pointer: '/version' }],
  })
  const nowhere = await askApi('POST /sites/undo/experiences/none/rollback', {
    body: { version: 1 },
  })
  expect(nowhere.status).toBe(404)

  const done = await ask(1)
  expect(done.status).toBe(200)
  expect(await done.json()).toEqual({ version: newest + 1 })
  await drain(learner)
  const { experiences } = await (await askApi('GET /sites/undo/figures')).json<{
    experiences: {
      version: number
      audit: { oddSources: unknown[] }
      history: { version: number; shares: object }[]
    }[]
  }>()
  const [hero] = experiences
  expect(hero?.version).toBe(newest + 1)
  expect(hero?.audit.oddSources).toEqual([])
  const sharesOf = (version: number) => hero?.history.find((one) => one.version === version)?.shares
  expect(sharesOf(newest + 1)).toEqual(sharesOf(1))
})
