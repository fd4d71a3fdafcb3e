import { shardOf } from './visitor-id.ts'

/** The object that remembers a visitor; nothing for an id that is not of our making. */
export function shardStub(
  env: Env,
  site: string,
  visitor: string,
): ReturnType<Env['VISITORS']['getByName']> | undefined {
  const shard = shardOf(site, visitor)
  if (!shard) return undefined
  const hint = HINTS.find((known) => known === shard.hint)
  return env.VISITORS.getByName(shard.name, hint && { locationHint: hint })
}

const HINTS = ['weur', 'enam', 'sam', 'apac', 'oc', 'afr'] as const
