import app, { Learner, Board as RealBoard, VisitorShard as RealShard } from '../../../src/index.ts'
import { fault, isPulled, LEVERS, type LeverName, trouble } from './levers.ts'

export { Learner }

/** Selvedge with parts of the platform that fail when told to, under a path that no site has. */
const worker: ExportedHandler<Env> = {
  async fetch(request, env, ctx) {
    const url = new URL(request.url)
    if (url.pathname === '/__lever') return pull(url.searchParams.get('name') ?? '')
    const again = request.clone()
    try {
      const answer = await app.fetch?.(request, withTrouble(env), contextOf(ctx))
      return answer ?? new Response('There is no worker.\n', { status: 500 })
    } catch {
      return passThrough(again, env)
    }
  },
}

export default worker

/** What the platform does after `passThroughOnException`; workerd would come back here for ever. */
async function passThrough(request: Request<unknown>, env: Env): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const origin = await fetch(new Request(env.DEFAULT_ORIGIN + pathname + search, request))
  return new Response(origin.body, {
    status: origin.status,
    headers: [...origin.headers, ['x-passed-through', 'yes']],
  })
}

let release: (() => void) | undefined

/** Pulls one lever, after letting go of the last one; no name only lets go. */
function pull(name: string): Response {
  release?.()
  release = undefined
  const [, step] = /^step (\w+)$/.exec(name) ?? []
  Reflect.set(globalThis, 'failingStep', step)
  if (name === '' || step) return new Response('done\n')
  const lever = LEVERS.get(name)
  if (!lever) return new Response('There is no such lever.\n', { status: 404 })
  release = lever()
  return new Response('done\n')
}

const wrapped = new WeakMap<Env, Env>()

/** One for all requests, as what is parsed from it is kept by its identity. */
function withTrouble(env: Env): Env {
  const known = wrapped.get(env)
  if (known) return known
  const prepare = (sql: string) => {
    if (isPulled('database throws')) throw new Error('D1_ERROR: made to fail')
    return isPulled('database never answers') ? SILENT : env.DB.prepare(sql)
  }
  const database = new Proxy(env.DB, {
    get: (target, name) => (name === 'prepare' ? prepare : Reflect.get(target, name)),
  })
  const next = new Proxy(env, {
    get(target, name) {
      if (name === 'DB') return database
      if (name === 'VISITORS') fault('binding throws')
      return Reflect.get(target, name)
    },
  })
  wrapped.set(env, next)
  return next
}

const never = () => new Promise(() => undefined)

/** A statement whose result never comes. */
const SILENT = { bind: () => SILENT, all: never, raw: never, first: never, run: never }

function contextOf(ctx: ExecutionContext): ExecutionContext {
  const waitUntil = (work: Promise<unknown>) => {
    fault('waitUntil throws')
    ctx.waitUntil(work)
  }
  return new Proxy(ctx, {
    get(target, name) {
      if (name === 'waitUntil') return waitUntil
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** A visitor object in trouble. */
export class VisitorShard extends RealShard {
  // What is late has another type than what is not; callers from elsewhere await both.
  async profileLater(...args: Parameters<RealShard['profile']>) {
    await trouble(OBJECT_TROUBLE, () => this.ctx.abort('made to fail'))
    return super.profile(...args)
  }

  override async accept(...args: Parameters<RealShard['accept']>) {
    await trouble(OBJECT_TROUBLE, () => this.ctx.abort('made to fail'))
    return super.accept(...args)
  }
}

const OBJECT_TROUBLE: readonly LeverName[] = [
  'object throws',
  'object is reset',
  'object takes 300 ms',
  'object takes 3 s',
  'object never answers',
]

/** A board in trouble. */
export class Board extends RealBoard {
  async readLater(...args: Parameters<RealBoard['read']>) {
    await trouble(BOARD_TROUBLE, () => this.ctx.abort('made to fail'))
    return super.read(...args)
  }
}

const BOARD_TROUBLE: readonly LeverName[] = [
  'board throws',
  'board takes 3 s',
  'board never answers',
]

Object.defineProperty(VisitorShard.prototype, 'profile', {
  value: VisitorShard.prototype.profileLater,
})
Object.defineProperty(Board.prototype, 'read', { value: Board.prototype.readLater })
