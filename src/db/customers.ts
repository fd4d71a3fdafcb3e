import { and, asc, count, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { alias } from 'drizzle-orm/sqlite-core'
import type { AttributeValue, CustomerRecord } from '../model/attribute.ts'
import { customers, households } from './schema.ts'

/** What was imported of one person. */
export interface Customer {
  readonly attributes: CustomerRecord
  /** How many people their household has; nothing where none was imported. */
  readonly household?: number
}

/** One attribute of one customer, about to be written. */
export interface AttributeRow {
  readonly person: string
  readonly attribute: string
  readonly value: AttributeValue | null
  /** Epoch ms at which the source confirmed it. */
  readonly at: number
}

const mates = alias(households, 'mate')

/** All that was imported of a person: one round trip, two reads of an index. */
export async function readCustomer(
  db: D1Database,
  site: string,
  person: string,
): Promise<Customer> {
  const d1 = drizzle(db)
  const [rows, [home]] = await d1.batch([
    d1.select().from(customers).where(attributesOf(site, person)).orderBy(asc(customers.attribute)),
    d1
      .select({ size: count() })
      .from(households)
      .innerJoin(mates, and(eq(mates.site, site), eq(mates.household, households.household)))
      .where(householdOf(site, person)),
  ])
  const attributes = Object.fromEntries(
    rows.map(({ attribute, value, at, source }) => [
      attribute,
      { value: value === null ? null : JSON.parse(value), at, source },
    ]),
  )
  return { attributes, ...(home?.size && { household: home.size }) }
}

/**
 * Keeps the newest of each attribute, all rows or none. An older import changes nothing; of two with the
 * same time the one written last counts, so that in a file the last row of a customer does.
 */
export async function writeCustomers(
  db: D1Database,
  site: string,
  source: string,
  rows: readonly AttributeRow[],
): Promise<void> {
  if (rows.length === 0) return
  // One JSON parameter for all of them: D1 binds 100 at most.
  const cells = rows.map(({ person, attribute, value, at }) => [
    person,
    attribute,
    value === null ? null : JSON.stringify(value),
    at,
  ])
  await db.prepare(UPSERT).bind(site, source, JSON.stringify(cells)).run()
}

const UPSERT = `
  INSERT INTO customer (site, person, attribute, value, at, source)
  SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, ?2 FROM json_each(?3) WHERE true
  ON CONFLICT (site, person, attribute) DO UPDATE
  SET value = excluded.value, at = excluded.at, source = excluded.source
  WHERE excluded.at >= customer.at`

/** Removes all that was imported of a person; gives how many rows that were. */
export async function eraseCustomer(db: D1Database, site: string, person: string): Promise<number> {
  const d1 = drizzle(db)
  const [attributes, homes] = await d1.batch([
    d1.delete(customers).where(attributesOf(site, person)),
    d1.delete(households).where(householdOf(site, person)),
  ])
  return attributes.meta.changes + homes.meta.changes
}

function attributesOf(site: string, person: string) {
  return and(eq(customers.site, site), eq(customers.person, person))
}

function householdOf(site: string, person: string) {
  return and(eq(households.site, site), eq(households.person, person))
}
