import { type Configuration, KINDS, type Kind } from '../model/configuration.ts'

/** One value that differs. */
export interface FieldDifference {
  /** JSON pointer within the thing. */
  readonly pointer: string
  /** Missing where there was none, or is none any more. */
  readonly before?: unknown
  readonly after?: unknown
  readonly sentence: string
}

/** One thing of a configuration that is not as it was. */
export interface Difference {
  readonly kind: Kind | 'site'
  readonly id: string
  readonly name: string
  readonly change: 'added' | 'removed' | 'changed' | 'moved'
  readonly sentence: string
  readonly fields: readonly FieldDifference[]
}

/** What a kind's things are called, one of them. */
const WORDS: Readonly<Record<Kind | 'site', string>> = {
  site: 'Site',
  slots: 'Slot',
  modules: 'Module',
  variants: 'Variant',
  attributes: 'Attribute',
  counters: 'Counter',
  policies: 'Policy',
  audiences: 'Audience',
  goals: 'Goal',
  experiences: 'Experience',
}

interface Thing {
  readonly id: string
  readonly name?: string
}

/** What is different in `after`: things matched by their kind and id, field by field; then their order. */
export function differencesOf(before: Configuration, after: Configuration): Difference[] {
  return [
    ...differ('site', [before.site], [after.site]),
    ...KINDS.flatMap((kind) => differ(kind, before[kind], after[kind])),
  ]
}

function differ(
  kind: Kind | 'site',
  before: readonly Thing[],
  after: readonly Thing[],
): Difference[] {
  const [old, fresh] = [before, after].map((all) => new Map(all.map((one) => [one.id, one])))
  const removed = before.filter(({ id }) => !fresh?.has(id))
  const rest = after.flatMap((thing): Difference[] => {
    const known = old?.get(thing.id)
    if (!known) return [toDifference(kind, thing, 'added', [])]
    const fields = differentFields(known, thing, '')
    return fields.length > 0 ? [toDifference(kind, thing, 'changed', fields)] : []
  })
  const moved = kind !== 'site' && isReordered(before, after)
  return [
    ...removed.map((thing) => toDifference(kind, thing, 'removed', [])),
    ...rest,
    ...(moved ? [toMoved(kind)] : []),
  ]
}

/** Whether those that both have stand in another order: of two of equal priority the first wins. */
function isReordered(before: readonly Thing[], after: readonly Thing[]): boolean {
  const ids = new Set(after.map(({ id }) => id))
  const known = new Set(before.map(({ id }) => id))
  const left = before.map(({ id }) => id).filter((id) => ids.has(id))
  const right = after.map(({ id }) => id).filter((id) => known.has(id))
  return left.some((id, place) => id !== right[place])
}

function toMoved(kind: Kind): Difference {
  const sentence = `The ${kind} stand in another order.`
  return { kind, id: '', name: '', change: 'moved', sentence, fields: [] }
}

function toDifference(
  kind: Kind | 'site',
  { id, name = '' }: Thing,
  change: 'added' | 'removed' | 'changed',
  fields: readonly FieldDifference[],
): Difference {
  const sentence = `${WORDS[kind]} “${name || id}” ${change}.`
  return { kind, id, name, change, sentence, fields }
}

function differentFields(before: unknown, after: unknown, pointer: string): FieldDifference[] {
  if (isSame(before, after)) return []
  const [old, fresh] = [childrenOf(before), childrenOf(after)]
  if (!old || !fresh || Array.isArray(before) !== Array.isArray(after)) {
    return [toField(pointer, before, after)]
  }
  const names = [...new Set([...old.keys(), ...fresh.keys()])]
  return names.flatMap((name) => {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    return differentFields(old.get(name), fresh.get(name), at)
  })
}

function childrenOf(value: unknown): Map<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

function toField(pointer: string, before: unknown, after: unknown): FieldDifference {
  const sentence = `${toWords(pointer)}: ${toText(before)} → ${toText(after)}`
  return {
    pointer,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    sentence,
  }
}

/** `/variants/0/weight` → `variants 1 weight`. */
function toWords(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => (/^\d+$/.test(name) ? String(Number(name) + 1) : name))
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join(' ')
}

/** Longest value that is written out. */
const LONGEST = 120

function toText(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'string' ? `“${value}”` : JSON.stringify(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
