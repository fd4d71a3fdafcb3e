import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'

/** Where a needle was found: `VISITORS shop:weur:3 profile`, `DB customer`. */
export async function searchStores(needle: string): Promise<string[]> {
  const inObjects = Object.entries(env).map(([binding, value]) =>
    isNamespace(value) ? searchObjects(binding, value, needle) : [],
  )
  return [...(await Promise.all(inObjects)).flat(), ...(await searchDatabase(needle))].sort()
}

async function searchObjects(
  binding: string,
  namespace: DurableObjectNamespace,
  needle: string,
): Promise<string[]> {
  const ids = await listDurableObjectIds(namespace)
  const found = ids.map((id) =>
    runInDurableObject(namespace.get(id), (_, { storage, id: { name } }) =>
      tablesIn(storage.sql.exec(TABLES).toArray())
        .filter((table) => holds(storage.sql.exec(`SELECT * FROM "${table}"`).toArray(), needle))
        .map((table) => `${binding} ${name} ${table}`),
    ),
  )
  return (await Promise.all(found)).flat()
}

async function searchDatabase(needle: string): Promise<string[]> {
  const tables = tablesIn((await env.DB.prepare(TABLES).all()).results)
  const found = tables.map(async (table) => {
    const { results } = await env.DB.prepare(`SELECT * FROM "${table}"`).all()
    return holds(results, needle) ? [`DB ${table}`] : []
  })
  return (await Promise.all(found)).flat()
}

const TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"

/** Without the platform's own. */
function tablesIn(rows: readonly Readonly<Record<string, unknown>>[]): string[] {
  return rows.map(({ name }) => String(name)).filter((name) => !/^(sqlite|_cf)_/.test(name))
}

function holds(rows: readonly object[], needle: string): boolean {
  return rows.some((row) => Object.values(row).some((value) => String(value).includes(needle)))
}

function isNamespace(value: unknown): value is DurableObjectNamespace {
  return String(value) === '[object DurableObjectNamespace]'
}
