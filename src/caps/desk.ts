import type { Ask, Grant, Report } from './places.ts'

/** Whoever was refused is not asked for again so soon: a campaign that is full costs its object little. */
const REFUSED_MS = 30_000

/** A quota that had no place free has none for so long: whoever was never here before need not ask. */
const FULL_MS = 10_000

/** Work behind a response may be cut off: then somebody else has to tell. */
const TELLING_MS = 5_000

/** People that a desk remembers of a quota, so that whoever comes again at once is not counted twice. */
const MOST_REMEMBERED = 5_000

/** What a desk knows of one quota. */
interface Drawer {
  /** Places that it may give by itself. */
  left: number
  /** To whom it gave one lately. */
  readonly given: Set<string>
  /** When (epoch ms) somebody was refused. */
  readonly refused: Map<string, number>
  /** Epoch ms until which the quota counts as full. */
  fullUntil: number
  /** What the quota's object has not confirmed to know. */
  readonly unconfirmed: Map<number, readonly string[]>
  /** Epoch ms until which somebody else is believed to tell it. */
  tellingUntil: number
}

export interface Wanted {
  /** Site and quota: the object's name. */
  readonly quota: string
  readonly most: number
  readonly holder: string
  /** Whether the holder was never here before, and so can have no place yet. */
  readonly isNew: boolean
  /** Epoch ms. */
  readonly now: number
}

/** What a desk asks of quotas' objects, and lets work outlive the request that it came with. */
export interface Back {
  readonly take: (quota: string, ask: Ask) => Promise<Grant>
  readonly background: (work: Promise<unknown>) => void
}

export interface Desk {
  /** Whether the holder has a place now. Rejects where the object was needed and could not be asked. */
  claim(wanted: Wanted, back: Back): Promise<boolean>
}

/**
 * Gives places of quotas to the visitors of one isolate: by itself as long as it has some, else by
 * asking. `name` must never have been another desk's.
 */
export function createDesk(name: string): Desk {
  const drawers = new Map<string, Drawer>()
  let reports = 0

  const drawerOf = (quota: string): Drawer => {
    const known = drawers.get(quota)
    if (known) return known
    const fresh = { left: 0, given: new Set<string>(), refused: new Map(), unconfirmed: new Map() }
    const drawer = { ...fresh, fullUntil: 0, tellingUntil: 0 }
    drawers.set(quota, drawer)
    return drawer
  }

  /** Sends all that is unconfirmed along; it stays so until it is answered. */
  async function ask(drawer: Drawer, { quota, most, holder }: Asked, back: Back): Promise<Grant> {
    const told: Report[] = [...drawer.unconfirmed].map(([id, holders]) => ({ id, holders }))
    const who = holder === undefined ? {} : { holder }
    const grant = await back.take(quota, { desk: name, reports: told, most, ...who })
    for (const { id } of told) drawer.unconfirmed.delete(id)
    drawer.left += grant.places
    return grant
  }

  async function tell(drawer: Drawer, wanted: Wanted, back: Back): Promise<void> {
    const { quota, most, now } = wanted
    if (now < drawer.tellingUntil) return
    drawer.tellingUntil = now + TELLING_MS
    try {
      while (drawer.unconfirmed.size > 0) await ask(drawer, { quota, most }, back)
    } catch {
      // It goes along with whatever is asked next.
    } finally {
      drawer.tellingUntil = 0
    }
  }

  /** One of the desk's own places, where it has any. */
  function give(drawer: Drawer, wanted: Wanted, back: Back): boolean {
    if (drawer.left <= 0) return false
    drawer.left -= 1
    drawer.unconfirmed.set(++reports, [wanted.holder])
    remember(drawer.given, wanted.holder)
    back.background(tell(drawer, wanted, back))
    return true
  }

  async function askFor(drawer: Drawer, wanted: Wanted, back: Back): Promise<boolean> {
    const { granted } = await ask(drawer, wanted, back)
    if (granted) remember(drawer.given, wanted.holder)
    // Others may have asked at the same moment, and have been sent the last places for this desk to give.
    else if (give(drawer, wanted, back)) return true
    else refuse(drawer, wanted)
    return granted
  }

  return {
    async claim(wanted, back) {
      const { quota, holder, isNew, now } = wanted
      const drawer = drawerOf(quota)
      if (drawer.given.has(holder) || give(drawer, wanted, back)) return true
      if (isNew && now < drawer.fullUntil) return false
      if (now - (drawer.refused.get(holder) ?? Number.NEGATIVE_INFINITY) < REFUSED_MS) return false
      const asked = askFor(drawer, wanted, back)
      // An answer that comes too late for the page has places in it all the same.
      back.background(asked.catch(() => undefined))
      return asked
    },
  }
}

type Asked = Pick<Wanted, 'quota' | 'most'> & Partial<Pick<Wanted, 'holder'>>

function remember(holders: Set<string>, holder: string): void {
  holders.add(holder)
  if (holders.size <= MOST_REMEMBERED) return
  const [oldest] = holders
  if (oldest !== undefined) holders.delete(oldest)
}

function refuse(drawer: Drawer, { holder, now }: Wanted): void {
  const { refused } = drawer
  drawer.fullUntil = now + FULL_MS
  refused.delete(holder)
  refused.set(holder, now)
  if (refused.size <= MOST_REMEMBERED) return
  const [oldest] = refused.keys()
  if (oldest !== undefined) refused.delete(oldest)
}
