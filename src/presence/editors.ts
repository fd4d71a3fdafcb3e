import { createDurable } from 'itty-durable/itty-durable.js'
import { proxyDurable } from 'itty-durable/proxy-durable.js'
import * as z from 'zod'
import { enter, type Heard, othersAt } from './places.ts'

/**
 * Who is editing what, one object per site. An object that is idle for ten seconds is evicted, so what it
 * knows is kept: by a call that is waited for, as this base class would not do by itself. It sets no alarm,
 * and is never destroyed, which the base class does not do safely.
 */
export class Editors extends createDurable() {
  // The base class makes a proxy of the object, and private members are not reached through one.
  heard: readonly Heard[] = []

  constructor(state: object) {
    // Bindings are none of its business; it would take any of them for an object of its own kind.
    super(state, {})
  }

  /** Notes that somebody is at a place, and tells who else is. */
  async enter(place: string, who: string, at: number): Promise<string[]> {
    const one = { place, who, at }
    this.heard = enter(this.heard, one)
    await this.persist()
    return othersAt(this.heard, one)
  }
}

const Names = z.array(z.string())

/** Notes that somebody is at a place of a site, and tells who else is. Arguments travel as ASCII. */
export async function enterPlace(
  env: Pick<Env, 'EDITORS'>,
  site: string,
  { place, who, at }: Heard,
): Promise<string[]> {
  // A name of 64 hex digits would be taken for an id.
  const editors = proxyDurable(env.EDITORS, { parse: true }).get(`site ${site}`)
  const names = await editors.enter(encodeURIComponent(place), encodeURIComponent(who), at)
  return Names.parse(names).map(decodeURIComponent)
}
