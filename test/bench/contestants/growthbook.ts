import { FILLS } from '../fills.ts'
import { SLOTS, type SlotId } from '../page.ts'
import { worker } from './bundle.ts'
import type { Contestant } from './contestant.ts'

const ENTRY = new URL('../workers/growthbook.ts', import.meta.url)

/** A visual-editor experiment that gives everybody its second variation. */
function experiment(slot: SlotId): object {
  return {
    key: `fill-${slot}`,
    changeId: `change-${slot}`,
    status: 'running',
    hashAttribute: 'id',
    hashVersion: 2,
    manual: false,
    weights: [0, 1],
    coverage: 1,
    urlPatterns: [{ type: 'simple', include: true, pattern: '*' }],
    variations: [
      { domMutations: [] },
      {
        domMutations: [
          { selector: `#${slot}`, attribute: 'html', action: 'set', value: FILLS[slot] },
        ],
      },
    ],
    meta: [{ key: '0' }, { key: '1' }],
  }
}

/**
 * GrowthBook's edge app with its payload at hand, so that it asks no server, and otherwise as its README
 * has it by default: like our beacon, its script goes into the page, to track and to carry on there.
 */
export const growthbook: Contestant = {
  name: 'growthbook',
  // The payload in it has all the fills once more.
  additions: /<script\s+data-api-host=.*?<\/script>/gs,
  worker: (origin) =>
    worker('growthbook', ENTRY, {
      PROXY_TARGET: origin,
      GROWTHBOOK_CLIENT_KEY: 'sdk-bench',
      PAYLOAD: JSON.stringify({ features: {}, experiments: SLOTS.map(experiment) }),
    }),
  prepare: async () => ({ Cookie: 'gbuuid=6b0f1c1e-6f6a-4bb5-9b8e-2d1f6d1f0a55' }),
}
