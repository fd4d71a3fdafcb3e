import type { Check } from './checks.ts'
import { sendEvent, track } from './events.ts'
import type { Asking, Fault, Group } from './fault.ts'
import type { Stage } from './stage.ts'
import { hideTables, lockDatabase, lockObjects } from './storage.ts'

/** Nothing was done, and the answer says when to try again. */
const unavailable: Check = ({ status, complete, headers }) => {
  const again = headers.get('retry-after')
  if (complete && status === 503 && again) return { how: '503, to be sent again' }
  return { how: 'wrong', wrong: `status ${status}, retry-after ${again}` }
}

function eventId(n: number): string {
  return `locked-${n}`
}

/** What was refused is taken once when it is sent again, and once only. */
async function sendAllAgain({ stage }: Asking, sent: ReadonlySet<string>): Promise<string[]> {
  const wrong: string[] = []
  for (const id of sent) {
    const fates = [
      await track(stage.client, stage.people, id),
      await track(stage.client, stage.people, id),
    ]
    if (fates.join() !== 'accepted,duplicate') wrong.push(`${id} was ${fates.join(', then ')}`)
  }
  return wrong
}

/** Events while their object cannot write: nothing may be acknowledged, nothing counted twice later. */
function lockedEvents(): Fault {
  const sent = new Set<string>()
  return {
    name: 'events, visitor objects locked for writing',
    path: () => '/_sv/v1/batch',
    share: 0.2,
    begin: async ({ state }) => ({ undo: lockObjects(state, 'VisitorShard') }),
    ask({ stage, client, n }) {
      sent.add(eventId(n))
      return sendEvent(client, stage.people, eventId(n))
    },
    expect: unavailable,
    afterwards: (asking) => sendAllAgain(asking, sent),
  }
}

/** A publish or a save that cannot be written must not be half there. */
function lockedSave(): Fault {
  const path = '/_sv/api/v1/sites/faults/configuration'
  let before = ''
  const read = async ({ api }: Stage) =>
    JSON.stringify(await api.get('/sites/faults/configuration'))
  return {
    name: 'a save of the configuration, database locked for writing',
    path: () => path,
    share: 0.05,
    async begin(stage) {
      before = await read(stage)
      return { undo: lockDatabase(stage.state) }
    },
    ask({ client, stage }) {
      const changed = { ...JSON.parse(before), slots: [] }
      return client.ask({
        path,
        method: 'PUT',
        headers: {
          authorization: `Bearer ${stage.token}`,
          'content-type': 'application/json',
        },
        body: Buffer.from(JSON.stringify(changed)),
      })
    },
    expect: unavailable,
    async afterwards({ stage }) {
      return (await read(stage)) === before ? [] : ['the configuration changed all the same']
    },
  }
}

/** Pages fail open; everything else refuses, and says so. */
export const REFUSALS: Group = {
  name: 'What has to refuse instead',
  faults: [
    lockedEvents(),
    lockedSave(),
    {
      name: 'health, database without its tables',
      path: () => '/_sv/health',
      share: 0.05,
      begin: async ({ state }) => ({ undo: hideTables(state, 'host') }),
      expect: unavailable,
    },
  ],
}
