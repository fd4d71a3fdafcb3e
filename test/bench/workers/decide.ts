import { decide } from '../../../src/decide/decide.ts'
import { openBundle } from '../../../src/model/bundle.ts'
import { NO_CAMPAIGN } from '../../../src/model/signals.ts'
import { throughGate } from '../../subjects.ts'
import { createDocument, createWeights, pathOf } from '../decide-bundle.ts'

const SUBJECT = throughGate({
  signals: {
    country: 'SE',
    region: 'AB',
    city: 'Stockholm',
    continent: 'EU',
    device: 'phone',
    language: 'sv',
    referrer: '',
    campaign: NO_CAMPAIGN,
    hour: 14,
    weekday: 3,
    date: '2026-11-25',
    path: '',
    bot: false,
    prefetch: false,
  },
  visitor: {
    tier: 2,
    returning: true,
    visits: 3,
    campaign: NO_CAMPAIGN,
    signedIn: false,
    user: {},
  },
  profile: {},
})

const opened = new Map<string, ReturnType<typeof open>>()

function open(name: string, experiences: number, arms: number) {
  const document = createDocument(experiences, arms)
  return { bundle: openBundle(document, name), weights: createWeights(document) }
}

/**
 * `?experiences=N&arms=K&times=M` decides M times, for another visitor each. A worker's clock stands still
 * while it computes, so whoever asks does the timing. Gives the number of decisions made.
 */
export default {
  async fetch(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url)
    const [experiences, arms] = [searchParams.get('experiences'), searchParams.get('arms')]
    const name = `bench-${experiences}-${arms}`
    const site = opened.get(name) ?? open(name, Number(experiences), Number(arms))
    opened.set(name, site)
    let decisions = 0
    for (let visitor = 0; visitor < Number(searchParams.get('times')); visitor++) {
      const signals = { ...SUBJECT.signals, path: pathOf(visitor) }
      const inputs = { subject: { ...SUBJECT, signals }, now: 1_793_491_200_000, measured: true }
      decisions += decide(inputs, site.bundle, site.weights, `weur-3-${visitor}`).length
    }
    return Response.json({ decisions })
  },
}
