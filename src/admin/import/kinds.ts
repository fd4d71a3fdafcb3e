import { type AttributeRow, writeCustomers } from '../../db/customers.ts'
import { readHouseholds, writeHouseholds } from '../../db/households.ts'
import { peopleShard } from '../../events/people.ts'
import type { Configuration } from '../../model/configuration.ts'
import { personOf } from '../../visitor/person.ts'
import type { BadRow } from './bad-row.ts'
import { type CustomerRow, toCustomerRow } from './customer-row.ts'
import type { RowKind } from './import-rows.ts'
import { joinHouseholds, type Pair } from './join-households.ts'
import { type LinkRow, toLinkRow } from './link-row.ts'

interface Linked extends LinkRow, Pair {}

/** Attributes of customers, by those that the site declares. */
export function customersOf(
  { site, attributes }: Configuration,
  source: string,
  env: Env,
  now: number,
): RowKind<CustomerRow> {
  const byName = new Map(attributes.map((attribute) => [attribute.id, attribute]))
  return {
    check: (record) => toCustomerRow(record, byName, now),
    sizeOf: ({ values }) =>
      values.reduce((sum, [name, value]) => sum + name.length + JSON.stringify(value).length, 0),
    async write(rows) {
      const people = await Promise.all(rows.map(({ userId }) => personOf(site, userId)))
      const cells: AttributeRow[] = rows.flatMap(({ at, values }, index) =>
        values.map(([attribute, value]) => ({ person: people[index] ?? '', attribute, value, at })),
      )
      await writeCustomers(env.DB, site.id, source, cells)
      return []
    },
  }
}

/** Links between customers: accounts of one person, and people of one household. */
export function linksOf({ site }: Configuration, env: Env): RowKind<LinkRow> {
  const named = async (row: LinkRow): Promise<Linked> => {
    const person = await personOf(site, row.userId)
    return { ...row, person, other: await personOf(site, row.linkedTo) }
  }
  return {
    check: toLinkRow,
    sizeOf: ({ userId, linkedTo }) => userId.length + linkedTo.length,
    async write(rows) {
      const linked = await Promise.all(rows.map(named))
      await aliasAccounts(
        env,
        site.id,
        linked.filter(({ kind }) => kind === 'account'),
      )
      return keepHouseholds(
        env.DB,
        site.id,
        linked.filter(({ kind }) => kind === 'household'),
      )
    },
  }
}

/** Both ways, so that either account's browsers get to know the other's; one call per object. */
async function aliasAccounts(env: Env, site: string, pairs: readonly Pair[]): Promise<void> {
  const aliases = pairs.flatMap(({ person, other }) => [
    { person, goesBy: other },
    { person: other, goesBy: person },
  ])
  const byShard = Map.groupBy(aliases, ({ person }) => peopleShard(site, person))
  await Promise.all(
    Array.from(byShard, ([name, batch]) => env.PEOPLE.getByName(name).aliasPeople(batch)),
  )
}

async function keepHouseholds(
  db: D1Database,
  site: string,
  pairs: readonly Linked[],
): Promise<BadRow[]> {
  if (pairs.length === 0) return []
  const homes = await readHouseholds(
    db,
    site,
    pairs.flatMap(({ person, other }) => [person, other]),
  )
  const { moved, refused } = joinHouseholds(pairs, homes, () => crypto.randomUUID())
  await writeHouseholds(db, site, moved)
  return refused.map(({ line }) => ({ line, code: 'household_full' }))
}
