import { env } from 'cloudflare:workers'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { peopleShard } from '../../src/events/people.ts'
import { EMPTY_PROFILE } from '../../src/model/profile.ts'
import { type Site, SiteSchema } from '../../src/model/site.ts'
import { personOf } from '../../src/visitor/person.ts'
import { open } from '../../src/visitor/sealed-cookie.ts'
import { shardOf } from '../../src/visitor/visitor-id.ts'
import { config, generateKey, header, sign } from '../unit/visitor/issuer.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { ask, keys, publishDraft } from './doors.ts'
import { drain } from './objects.ts'
import { originPage, view } from './pages.ts'
import { message, newWriteKey } from './senders.ts'

const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(originPage)
afterAll(() => fetched.mockRestore())

const issuer = await generateKey('ES256')
const jwt = config(issuer, { from: { kind: 'cookie', name: 'session' } })

/** A site on which whoever looked at boots twice is shown something else than everybody. */
async function newSite(id: string, changes: Partial<Site> = {}): Promise<Site> {
  const site = { ...siteOf(id, { consent: { default: 2 as const }, jwt }), ...changes }
  const experiences = [
    {
      id: 'hikers',
      slot: 'hero',
      audience: 'hikers',
      variants: [{ variant: 'loud' }],
      priority: 9,
    },
    { id: 'others', slot: 'hero', variants: [{ variant: 'calm' }] },
    ...configurationOf().experiences.filter(({ slot }) => slot === 'more'),
  ]
  const published = await publishDraft(configurationOf({ site, experiences }))
  if ('code' in published) throw new Error(JSON.stringify(published))
  return SiteSchema.parse(site)
}

const site = await newSite('family')
const joining = await newSite('trusting', { identify: 'join' })

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
class Browser {
  readonly #site: Site
  #visitor = ''
  #session = ''

  constructor(where = site) {
    this.#site = where
  }

  /** Signs in with the site itself; with no user, out. */
  async signIn(user = '', seconds?: number): Promise<void> {
    this.#session = user && `session=${await sessionOf(user, seconds)}`
  }

  /** What the hero shows. */
  async look(): Promise<string | undefined> {
    const cookie = [this.#visitor, this.#session].filter(Boolean).join('; ')
    const { title, cookie: next } = await view(`https://${this.#site.id}.test/`, cookie)
    this.#visitor = next || this.#visitor
    return title
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

  async state() {
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

const boots = () => message({ type: 'page', properties: { path: '/', category: 'boots' } })
const identify = (userId: string) => message({ type: 'identify', userId, event: undefined })

/** A browser in which so many looks at boots were made, and somebody signed in then. */
async function deviceOf(user: string, looks: number): Promise<Browser> {
  const browser = new Browser()
  await browser.look()
  if (looks > 0) await browser.say(...Array.from({ length: looks }, boots))
  await browser.signIn(user)
  await browser.look()
  await browser.say(message())
  await browser.settle()
  return browser
}

describe('a person', () => {
  test('brings what their browser did into the sign-in, and stays the same visitor', async () => {
    const browser = new Browser()
    expect(await browser.look()).toBe('Calm')
    const id = await browser.id()
    await browser.say(boots(), boots())
    expect(await browser.look()).toBe('Loud')
    await browser.signIn('ada')
    expect(await browser.look()).toBe('Loud')
    expect(await browser.id()).toBe(id)
  })

  test('is known on another device from the first page on', async () => {
    await deviceOf('bea', 2)
    const second = new Browser()
    await second.signIn('bea')
    expect(await second.look()).toBe('Loud')
  })

  test('is the sum of what all their devices did', async () => {
    await deviceOf('cid', 1)
    const second = await deviceOf('cid', 1)
    expect(await second.look()).toBe('Loud')
    const third = new Browser()
    await third.signIn('cid')
    expect(await third.look()).toBe('Loud')
  })

  test('told of again and again is still the same sum', async () => {
    const browser = await deviceOf('dan', 1)
    for (let again = 0; again < 3; again++) {
      await browser.say(message())
      await browser.settle()
    }
    const second = new Browser()
    await second.signIn('dan')
    expect(await second.look()).toBe('Calm')
  })

  test('who signs out leaves a stranger behind', async () => {
    const browser = await deviceOf('eva', 2)
    const before = await browser.id()
    await browser.signIn()
    expect(await browser.look()).toBe('Calm')
    expect(await browser.id()).not.toBe(before)
  })

  test('who takes a browser over gets nothing of whose it was', async () => {
    const browser = await deviceOf('fay', 2)
    const before = await browser.id()
    await browser.signIn('gus')
    expect(await browser.look()).toBe('Calm')
    expect(await browser.id()).not.toBe(before)
    await browser.say(boots())
    await browser.settle()
    const elsewhere = new Browser()
    await elsewhere.signIn('gus')
    expect(await elsewhere.look()).toBe('Calm')
  })

  test('whose sign-in has run out is the browser that they used, and no more', async () => {
    await deviceOf('hal', 2)
    const browser = await deviceOf('hal', 0)
    expect(await browser.look()).toBe('Loud')
    const before = await browser.id()
    await browser.signIn('hal', -300)
    expect(await browser.look()).toBe('Calm')
    expect(await browser.id()).toBe(before)
  })
})

describe('who is not signed in', () => {
  test('is joined to a person by the word of a server', async () => {
    const browser = new Browser()
    await browser.look()
    await browser.say(boots(), boots())
    const { key } = await newWriteKey(site.id)
    const joined = { type: 'alias', userId: 'ivy', previousId: await browser.id() }
    const response = await ask(`https://${site.id}.test/_sv/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${key}:`)}` },
      body: JSON.stringify({ batch: [message(joined)], sentAt: new Date() }),
    })
    expect(await response.json()).toMatchObject({ accepted: 1 })
    await browser.settle()
    const second = new Browser()
    await second.signIn('ivy')
    expect(await second.look()).toBe('Loud')
  })

  test('is not believed to be somebody because a page says so', async () => {
    await deviceOf('joe', 2)
    const browser = new Browser()
    await browser.look()
    await browser.say(identify('joe'), boots())
    await browser.settle()
    expect(await browser.look()).toBe('Calm')
    const joes = new Browser()
    await joes.signIn('joe')
    expect(await joes.look()).toBe('Loud')
  })

  test('is, where the site says so, until the page says that it is somebody else', async () => {
    const first = new Browser(joining)
    await first.look()
    await first.say(identify('kim'), boots(), boots())
    await first.settle()
    const second = new Browser(joining)
    await second.look()
    await second.say(identify('kim'))
    expect(await second.look()).toBe('Loud')
    const before = await second.id()
    await second.say(identify('lea'))
    expect(await second.id()).not.toBe(before)
    expect(await second.look()).toBe('Calm')
    expect(await second.state()).toMatchObject({ said: await personOf(joining, 'lea'), user: '' })
  })
})

const stubOf = async (user: string) => {
  const person = await personOf(site, user)
  return { person, stub: env.PEOPLE.getByName(peopleShard(site.id, person)) }
}

describe('people who go by several ids', () => {
  test('in a circle are one, and nobody tells anybody for ever', async () => {
    const [max, ned, ola] = await Promise.all(['max', 'ned', 'ola'].map(stubOf))
    if (!max || !ned || !ola) throw new Error('nobody')
    await deviceOf('max', 1)
    await deviceOf('ola', 1)
    const ring = [
      [max, ned],
      [ned, ola],
      [ola, max],
      [max, max],
    ] as const
    for (const [from, to] of [...ring, ...ring]) {
      await from.stub.aliasPeople([{ person: from.person, goesBy: to.person }])
    }
    for (const user of ['max', 'ned', 'ola']) {
      const browser = new Browser()
      await browser.signIn(user)
      expect([user, await browser.look()]).toEqual([user, 'Loud'])
    }
  })

  test('or by thousands of browsers, are bounded', async () => {
    const { person, stub } = await stubOf('pia')
    const profile = { ...EMPTY_PROFILE, firstAt: 1, updatedAt: 1, pages: 1 }
    const at = Date.now()
    for (let n = 0; n < 2_000; n++) {
      const visitor = `eu-1-${String(n).padStart(22, '0')}`
      await stub.linkVisitor(person, { visitor, via: person, proven: true, at: at + n, profile })
    }
    const all = await stub.contributions(person, 'another')
    expect(all.length).toBeGreaterThanOrEqual(50)
    expect(all.length).toBeLessThanOrEqual(100)
  })
})
