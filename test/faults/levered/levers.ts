/** Something that goes wrong until the returned function is called. */
type Lever = () => () => void

/** The levers that are pulled by the worker and objects themselves. */
const pulled = new Set<string>()

const FLAGS = [
  'binding throws',
  'waitUntil throws',
  'database throws',
  'database never answers',
  'object throws',
  'object is reset',
  'object takes 300 ms',
  'object takes 3 s',
  'object never answers',
  'board throws',
  'board takes 3 s',
  'board never answers',
] as const

export type LeverName = (typeof FLAGS)[number]

export function isPulled(name: LeverName): boolean {
  return pulled.has(name)
}

/** Throws while the lever is pulled. */
export function fault(name: LeverName): void {
  if (isPulled(name)) throw new Error(`made to fail: ${name}`)
}

/** Does what the pulled one of these levers says; waits by timer, as a busy loop would block all. */
export async function trouble(names: readonly LeverName[], reset: () => void): Promise<void> {
  const name = names.find(isPulled)
  if (!name) return
  if (name.endsWith('throws')) throw new Error(`made to fail: ${name}`)
  if (name.endsWith('reset')) reset()
  // What never answers does so within a minute here, or an object would wait for it for ever.
  await scheduler.wait(name.endsWith('never answers') ? 60_000 : waitOf(name))
}

function waitOf(name: string): number {
  const [, amount = '0', unit] = /takes (\d+) (ms|s)/.exec(name) ?? []
  return Number(amount) * (unit === 's' ? 1_000 : 1)
}

function flag(name: string): Lever {
  return () => {
    pulled.add(name)
    return () => void pulled.delete(name)
  }
}

/** Puts something else in the place of a property of the platform's. */
function instead(owner: object, name: string, value: unknown): Lever {
  return () => {
    const own = Object.getOwnPropertyDescriptor(owner, name)
    Object.defineProperty(owner, name, { value, configurable: true, writable: true })
    return () => {
      if (own) Object.defineProperty(owner, name, own)
      else Reflect.deleteProperty(owner, name)
    }
  }
}

function throwing(owner: object, name: string): Lever {
  return instead(owner, name, () => {
    throw new TypeError(`made to fail: ${name}`)
  })
}

function rejecting(owner: object, name: string): Lever {
  return instead(owner, name, () => Promise.reject(new Error(`made to fail: ${name}`)))
}

const now = Date.now.bind(Date)
const MINUTE = 60_000

const skewed = (ms: number) => instead(Date, 'now', () => now() + ms)

/** Every lever by its name. */
export const LEVERS: ReadonlyMap<string, Lever> = new Map<string, Lever>([
  ...FLAGS.map((name): [string, Lever] => [name, flag(name)]),
  ['rewriter cannot be made', throwing(HTMLRewriter.prototype, 'on')],
  ['rewriter has no document', throwing(HTMLRewriter.prototype, 'onDocument')],
  ['rewriter throws', throwing(HTMLRewriter.prototype, 'transform')],
  ['log throws', throwing(console, 'warn')],
  ['random numbers throw', throwing(crypto, 'getRandomValues')],
  ['encryption rejects', rejecting(crypto.subtle, 'encrypt')],
  ['decryption rejects', rejecting(crypto.subtle, 'decrypt')],
  ['signing rejects', rejecting(crypto.subtle, 'sign')],
  ['verifying rejects', rejecting(crypto.subtle, 'verify')],
  ['digest rejects', rejecting(crypto.subtle, 'digest')],
  ['headers cannot be added', throwing(Headers.prototype, 'append')],
  ['cache rejects', rejecting(Cache.prototype, 'match')],
  ['cache holds other bytes', instead(Cache.prototype, 'match', async () => new Response('{}'))],
  ['cache cannot be written', rejecting(Cache.prototype, 'put')],
  ['clock 5 min ahead', skewed(5 * MINUTE)],
  ['clock 5 min behind', skewed(-5 * MINUTE)],
  ['clock 11 min ahead', skewed(11 * MINUTE)],
])
