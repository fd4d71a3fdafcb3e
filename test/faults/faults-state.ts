import { type Check, complete, personal, untouched, whole } from './checks.ts'
import type { Client } from './client.ts'
import type { Fault, Group, Scene } from './fault.ts'
import type { IssuerState } from './origin.ts'
import type { Person } from './people.ts'
import type { Stage } from './stage.ts'
import {
  corruptBundle,
  emptyCache,
  hideTables,
  lockDatabase,
  lockObjects,
  removeBundle,
  type Undo,
} from './storage.ts'

const TABLES = ['host', 'bundle', 'publication', 'site', 'draft']

/** A lever outside of the worker, at work beside it. */
function beside(pull: (state: string) => Undo): NonNullable<Fault['begin']> {
  return async ({ state }) => ({ undo: pull(state) })
}

let sites = 0

/** A site that no page view has asked for yet, published and then damaged. */
function atNewSite(pull: (state: string, site: string) => Undo): NonNullable<Fault['begin']> {
  return async (stage) => {
    sites += 1
    const id = `cold-${sites}`
    await stage.publish({ id, hosts: [`${id}.test`] })
    const undo = pull(stage.state, id)
    const client = stage.at(`${id}.test`)
    await stage.untilKnown(client)
    return { client, people: stage.newcomers, undo }
  }
}

/** A worker that starts with nothing in memory, on a state that was damaged while it was down. */
function coldStart(pull: (state: string) => Undo): NonNullable<Fault['begin']> {
  return async (stage) => {
    await stage.kill()
    const undo = pull(stage.state)
    await stage.restart()
    return { undo }
  }
}

const both =
  (...undos: readonly Undo[]): Undo =>
  async () => {
    for (const undo of undos) await undo()
  }

const NOTHING: Undo = () => undefined

const STORAGE: Group = {
  name: 'Storage',
  faults: [
    { name: 'database locked for writing', expect: personal, begin: beside(lockDatabase) },
    {
      name: 'database without its tables',
      expect: personal,
      begin: beside((state) => hideTables(state, ...TABLES)),
    },
    {
      name: 'visitor objects locked for writing',
      expect: complete,
      begin: beside((state) => lockObjects(state, 'VisitorShard')),
    },
    {
      name: 'board locked for writing',
      expect: personal,
      begin: beside((state) => lockObjects(state, 'Board')),
    },
    {
      name: 'database and all objects locked',
      expect: complete,
      begin: beside((state) =>
        both(
          lockDatabase(state),
          ...['Board', 'VisitorShard', 'Learner'].map((name) => lockObjects(state, name)),
        ),
      ),
    },
    {
      name: 'a new site’s bundle damaged',
      expect: untouched(/bundle_corrupt/),
      begin: atNewSite(corruptBundle),
    },
    {
      name: 'a new site’s bundle missing',
      expect: untouched(/bundle_missing/),
      begin: atNewSite(removeBundle),
    },
    {
      name: 'a new site’s bundles unreadable',
      expect: untouched(/site_unavailable/),
      begin: atNewSite((state) => hideTables(state, 'bundle')),
    },
  ],
}

const STARTS: Group = {
  name: 'Starts',
  faults: [
    {
      name: 'bundle damaged, cache there',
      expect: personal,
      begin: coldStart((state) => corruptBundle(state, 'faults')),
    },
    {
      name: 'bundle damaged, cache gone',
      expect: untouched(/bundle_corrupt/),
      begin: coldStart((state) => {
        emptyCache(state)
        return corruptBundle(state, 'faults')
      }),
    },
    {
      name: 'database without its tables, cache gone',
      expect: untouched(/site_unavailable/),
      begin: coldStart((state) => {
        emptyCache(state)
        return hideTables(state, ...TABLES)
      }),
    },
    {
      name: 'board locked for writing',
      expect: complete,
      begin: coldStart((state) => lockObjects(state, 'Board')),
    },
    {
      name: 'visitor objects locked for writing',
      expect: complete,
      begin: coldStart((state) => lockObjects(state, 'VisitorShard')),
    },
    { name: 'killed and started again', expect: personal, begin: coldStart(() => NOTHING) },
  ],
}

/** Somebody with a token, at a site whose issuer was never asked before. */
function atIssuer(state: IssuerState): Fault {
  return {
    name: `issuer’s keys: ${state}`,
    expect: asGuest(/jwt_(keys_unavailable|late)/),
    begin: async (stage: Stage): Promise<Scene> => {
      const id = `issuer-${state}`
      stage.origin.issuers.set(id, state)
      await stage.publish({ id, hosts: [`${id}.test`] })
      const client: Client = stage.at(`${id}.test`)
      await stage.untilKnown(client)
      return { client, people: stage.newcomers, lost: true }
    },
  }
}

/** Who cannot prove to be a member is served as a guest, with the reason; others notice nothing. */
function asGuest(says: RegExp): Check {
  const fallBack = whole({ allow: ['as a guest'], says })
  return (answer, asked) => (asked.person.who === 'member' ? fallBack : personal)(answer, asked)
}

const people =
  (make: (stage: Stage) => Promise<readonly Person[]>): NonNullable<Fault['begin']> =>
  async (stage) => ({ people: await make(stage) })

/** A member by a token that was issued by a clock that is so many seconds ahead. */
const membersBy = (skew: number) =>
  people(async ({ issuer }) => [
    {
      who: 'member',
      headers: { cookie: `consent=profile; session=${await issuer.token(skew)}` },
    },
  ])

const BROKEN_COOKIES = [
  'sv=',
  'sv=x',
  'sv=faults.AAAA',
  `sv=faults.${'A'.repeat(120)}`,
  `sv=${'%'.repeat(3_000)}`,
  'sv=other.AAAA.BBBB; sv=second',
  'sv; ;; =; sv==',
]

const BROKEN_TOKENS = ['x', 'x.y.z', 'e30.e30.e30', `${'A'.repeat(5_000)}.A.A`, 'a.b', '..']

const IDENTITY: Group = {
  name: 'Identity',
  faults: [
    ...(['down', 'slow', 'garbage', 'huge', 'error'] as const).map(atIssuer),
    {
      name: 'issuer down, its keys known',
      expect: personal,
      begin: async ({ origin }) => {
        origin.issuers.set('faults', 'down')
        return { undo: () => void origin.issuers.set('faults', 'up') }
      },
    },
    {
      name: 'issuer’s clock 5 min ahead',
      expect: asGuest(/jwt_not_yet_valid/),
      begin: membersBy(300),
    },
    { name: 'issuer’s clock 5 min behind', expect: personal, begin: membersBy(-300) },
    { name: 'token expired', expect: asGuest(/jwt_expired/), begin: membersBy(-7_200) },
    {
      name: 'cookies of ours broken',
      expect: personal,
      begin: people(async () =>
        BROKEN_COOKIES.map((sv) => ({
          who: 'guest',
          headers: { cookie: `consent=profile; ${sv}` },
        })),
      ),
    },
    {
      name: 'tokens broken',
      expect: asGuest(/jwt_/),
      begin: people(async () =>
        BROKEN_TOKENS.map((token) => ({
          who: 'member',
          headers: { cookie: `consent=profile; session=${token}` },
        })),
      ),
    },
  ],
}

/** Whatever can happen to what we keep, and to who signs in. */
export const STATE_GROUPS: readonly Group[] = [STORAGE, IDENTITY]

/** The same, with the worker ended and started again. */
export const START_GROUPS: readonly Group[] = [STARTS]
