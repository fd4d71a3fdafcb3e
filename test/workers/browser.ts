import { env } from 'cloudflare:workers'
import type { Site } from '../../src/model/site.ts'
import { type CookieState, open } from '../../src/visitor/sealed-cookie.ts'
import { shardOf } from '../../src/visitor/visitor-id.ts'
import { config, generateKey, header, sign } from '../unit/visitor/issuer.ts'
import { ask, keys } from './doors.ts'
import { drain } from './objects.ts'
import { type Viewed, view } from './pages.ts'

const issuer = await generateKey('ES256')

/** How visitors sign in with the issuer of these tests. */
export const jwt = config(issuer, { from: { kind: 'cookie', name: 'session' } })

async function sessionOf(user: string, seconds = 600): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: jwt.issuer,
    aud: jwt.audience,
    sub: user,
    iat: now - 700,
    exp: now + seconds,
  }
  return sign(issuer, header(issuer), claims)
}

/** A browser that keeps its cookies. */
export class Browser {
  readonly #site: Pick<Site, 'id'>
  #visitor = ''
  #session = ''

  constructor(site: Pick<Site, 'id'>) {
    this.#site = site
  }

  /** Signs in with the site itself; with no user, out. */
  async signIn(user = '', seconds?: number): Promise<void> {
    this.#session = user && `session=${await sessionOf(user, seconds)}`
  }

  /** What the hero shows. */
  async look(): Promise<string | undefined> {
    return (await this.view()).title
  }

  /** One page view. */
  async view(): Promise<Viewed> {
    const cookie = [this.#visitor, this.#session].filter(Boolean).join('; ')
    const viewed = await view(`https://${this.#site.id}.test/`, cookie)
    this.#visitor = viewed.cookie || this.#visitor
    return viewed
  }

  async say(...messages: readonly object[]): Promise<unknown> {
    const response = await ask(`https://${this.#site.id}.test/_sv/v1/batch`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin', cookie: this.#visitor },
      body: JSON.stringify({ batch: messages, sentAt: new Date() }),
    })
    this.#visitor =
      /^__Host-sv=[^;]*/.exec(response.headers.get('set-cookie') ?? '')?.[0] ?? this.#visitor
    return response.json()
  }

  /** What it sends of ours. */
  get cookie(): string {
    return this.#visitor
  }

  async state(): Promise<CookieState | undefined> {
    return open(this.#visitor.replace('__Host-sv=', ''), this.#site.id, keys.cookie)
  }

  async id(): Promise<string> {
    return (await this.state())?.id ?? ''
  }

  /** Lets the browser's object tell the person's. */
  async settle(): Promise<void> {
    await drain(env.VISITORS.getByName(shardOf(this.#site.id, await this.id())?.name ?? ''))
  }
}
