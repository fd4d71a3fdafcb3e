import { type Check, complete, personal, untouched } from './checks.ts'
import { stepNames } from './compile.ts'
import type { Fault, Group } from './fault.ts'
import type { Person } from './people.ts'
import type { Stage } from './stage.ts'
import { emptyCache, type Undo } from './storage.ts'

async function pull({ client }: Stage, name: string): Promise<Undo> {
  const path = (lever: string) => `/__lever?name=${encodeURIComponent(lever)}`
  const { status, body } = await client.ask({ path: path(name) })
  if (status !== 200) throw new Error(`Lever “${name}”: ${status} ${body}`)
  return async () => {
    await client.ask({ path: path('') })
  }
}

function lever(name: string, expect: Check): Fault {
  return { name, expect, begin: async (stage) => ({ undo: await pull(stage, name) }) }
}

/** The lever is pulled before the isolate has read anything. */
function coldLever(name: string, expect: Check): Fault {
  return {
    name: `${name}, at a start`,
    expect,
    begin: async (stage) => {
      await stage.kill()
      emptyCache(stage.state)
      await stage.restart()
      return { undo: await pull(stage, name) }
    },
  }
}

/** Somebody about whom there is something to log. */
const NOTEWORTHY: Person = { who: 'guest', headers: { cookie: 'consent=profile; sv=broken' } }

const STEPS: Group = {
  name: 'A step of the page view throws',
  faults: stepNames().map((name) => ({ ...lever(`step ${name}`, complete), name })),
}

const PLATFORM: Group = {
  name: 'The platform fails',
  faults: [
    lever('database throws', personal),
    lever('database never answers', personal),
    lever('cache rejects', personal),
    lever('cache holds other bytes', personal),
    lever('cache cannot be written', personal),
    lever('board throws', personal),
    lever('board takes 3 s', personal),
    lever('board never answers', personal),
    lever('rewriter cannot be made', complete),
    lever('rewriter has no document', complete),
    lever('rewriter throws', complete),
    {
      name: 'log throws',
      expect: complete,
      begin: async (stage) => ({
        people: [...stage.people, NOTEWORTHY],
        undo: await pull(stage, 'log throws'),
      }),
    },
    lever('waitUntil throws', complete),
    lever('random numbers throw', complete),
    lever('encryption rejects', complete),
    lever('decryption rejects', complete),
    lever('signing rejects', complete),
    lever('verifying rejects', complete),
    lever('digest rejects', complete),
    lever('headers cannot be added', complete),
    lever('clock 5 min ahead', complete),
    lever('clock 5 min behind', complete),
    {
      name: 'issuer down, its keys known for longer than they are fresh',
      expect: personal,
      begin: async (stage) => {
        stage.origin.issuers.set('faults', 'down')
        const release = await pull(stage, 'clock 11 min ahead')
        return {
          undo: async () => {
            stage.origin.issuers.set('faults', 'up')
            await release()
          },
        }
      },
    },
    lever('binding throws', complete),
    lever('object throws', complete),
    lever('object is reset', complete),
    lever('object takes 300 ms', complete),
    lever('object takes 3 s', complete),
    lever('object never answers', complete),
  ],
}

const COLD: Group = {
  name: 'The platform fails at a start',
  faults: [
    coldLever('database throws', untouched(/site_unavailable/)),
    coldLever('database never answers', untouched(/site_unavailable/)),
    coldLever('board throws', untouched(/site_unavailable/)),
    coldLever('board never answers', untouched(/site_unavailable/)),
    coldLever('cache rejects', complete),
    coldLever('cache holds other bytes', personal),
    coldLever('cache cannot be written', complete),
  ],
}

/** For the levered worker: parts of the platform and of the page view that fail one at a time. */
export const PLATFORM_GROUPS: readonly Group[] = [STEPS, PLATFORM, COLD]
