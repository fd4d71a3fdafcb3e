import { DurableObject } from 'cloudflare:workers'
import { readDraft } from './admin/drafts.ts'
import { readOverview } from './admin/overview.ts'
import { platformOf } from './admin/platform.ts'
import { configOf } from './config.ts'
import type { Configuration } from './model/configuration.ts'
import type { Overview } from './model/overview.ts'
import { lastMonday, type Told, toChanges } from './reports/changes.ts'
import { createFormat } from './reports/format.ts'
import { type Addressed, linkOf, toNotice, toWeekly } from './reports/letter.ts'
import {
  type Attempt,
  type Message,
  nextTry,
  sendMessage,
  webhookSecrets,
} from './reports/webhook.ts'
import { toTold } from './reports/words.ts'

/** How often a site is looked at. */
const LOOK_EVERY_MS = 15 * 60_000

/** Messages that wait at most: where nobody takes them, the oldest go. */
const MOST_WAITING = 50

/** Messages that are tried in one go: a receiver may take ten seconds for each. */
const AT_ONCE = 10

/** Of which site it tells, and where that site's console is. */
export interface Assignment {
  readonly site: string
  /** `https://shop.example/_sv/console/` */
  readonly console: string
}

/** The newest try. */
export interface Delivery extends Attempt {
  /** Epoch ms. */
  readonly at: number
}

export interface ReporterState {
  readonly secret: string
  readonly waiting: number
  readonly last: Delivery | null
}

/**
 * One per site: looks what needs somebody, and tells it to the address that the site names, with the report
 * of each week. A message goes out until it is taken, under the same id.
 */
export class Reporter extends DurableObject<Env> {
  /** Told whenever a site that names an address is changed. */
  async assign(assignment: Assignment): Promise<void> {
    await this.ctx.storage.put('assignment', assignment)
    await this.ctx.storage.setAlarm(Date.now())
  }

  async state(site: string): Promise<ReporterState> {
    const [secret = ''] = await this.#secrets(site)
    const last = (await this.ctx.storage.get<Delivery>('last')) ?? null
    return { secret, waiting: (await this.#waiting()).length, last }
  }

  /** Sends the report as it is now, once. */
  async sendNow(assignment: Assignment): Promise<Attempt> {
    const draft = await readDraft(this.env.DB, assignment.site)
    if (!draft?.site.notify) return { ok: false, detail: 'The site names no address.' }
    const overview = await readOverview(this.env, draft, Date.now())
    return this.#send(await toReport('report.now', draft, assignment, overview), draft)
  }

  override async alarm(): Promise<void> {
    const assignment = await this.ctx.storage.get<Assignment>('assignment')
    const draft = assignment && (await readDraft(this.env.DB, assignment.site))
    if (!assignment || !draft?.site.notify) return this.ctx.storage.deleteAll()
    const now = Date.now()
    await this.ctx.storage.setAlarm(now + LOOK_EVERY_MS)
    try {
      await this.#look(draft, assignment, now)
    } catch (error) {
      console.warn(JSON.stringify({ event: 'news_delayed', detail: String(error) }))
    }
    await this.#deliver(draft, now)
  }

  /** What is new becomes messages, kept before anything else is done. */
  async #look(draft: Configuration, assignment: Assignment, now: number): Promise<void> {
    const overview = await readOverview(this.env, draft, now)
    const before = (await this.ctx.storage.get<Told>('told')) ?? {}
    const changes = toChanges(before, overview.insights, now)
    const to = addressed(draft, assignment)
    const wordsOf = (insights: typeof overview.insights) =>
      toTold({ ...overview, insights }, createFormat('en-GB', draft.site.timezone))
    const [raised, cleared] = [wordsOf([...changes.raised]), wordsOf([...changes.cleared])]
    if (raised.length + cleared.length > 0) {
      const withLinks = (all: typeof raised) => all.map((one) => ({ ...one, url: linkOf(one, to) }))
      const text = toNotice(raised, cleared, to)
      const data = { text, raised: withLinks(raised), cleared: withLinks(cleared) }
      await this.#keep(toMessage('insights.changed', draft, data, now))
    }
    await this.ctx.storage.put('told', changes.told)
    await this.#week(draft, assignment, overview)
  }

  async #week(draft: Configuration, assignment: Assignment, overview: Overview): Promise<void> {
    const monday = lastMonday(overview.generatedAt, draft.site.timezone)
    const told = await this.ctx.storage.get<number>('week')
    if (told !== undefined && told < monday && draft.site.notify?.weekly) {
      await this.#keep(await toReport('report.weekly', draft, assignment, overview))
    }
    await this.ctx.storage.put('week', monday)
  }

  async #keep(message: Message): Promise<void> {
    const waiting = await this.#waiting()
    const most = waiting.slice(0, Math.max(0, waiting.length + 1 - MOST_WAITING))
    for (const { id } of most) await this.ctx.storage.delete(`out ${id}`)
    await this.#put(message)
  }

  async #waiting(): Promise<Message[]> {
    return [...(await this.ctx.storage.list<Message>({ prefix: 'out ' })).values()]
  }

  /** Each on its own, so that what is not taken holds nothing up. */
  async #deliver(draft: Configuration, now: number): Promise<void> {
    const due = (await this.#waiting()).filter((message) => message.due <= now)
    for (const message of due.slice(0, AT_ONCE)) {
      const attempt = await this.#send(message, draft)
      const again = attempt.ok ? undefined : nextTry(message, now)
      if (again === undefined) await this.ctx.storage.delete(`out ${message.id}`)
      else await this.#put({ ...message, tries: message.tries + 1, due: again })
    }
    const next = Math.min(...(await this.#waiting()).map((message) => message.due))
    if (next < now + LOOK_EVERY_MS) await this.ctx.storage.setAlarm(next)
  }

  async #put(message: Message): Promise<void> {
    await this.ctx.storage.put(`out ${message.id}`, message)
  }

  async #send(message: Message, { site }: Configuration): Promise<Attempt> {
    const url = site.notify?.url ?? ''
    const { isAllowedUrl } = platformOf(await configOf(this.env))
    const at = Date.now()
    const attempt = isAllowedUrl(url)
      ? await sendMessage(message, url, await this.#secrets(site.id), at)
      : { ok: false, detail: 'Only public https addresses are sent to.' }
    await this.ctx.storage.put('last', { ...attempt, at } satisfies Delivery)
    return attempt
  }

  async #secrets(site: string): Promise<string[]> {
    return webhookSecrets((await configOf(this.env)).keys.webhook, site)
  }
}

function addressed({ site }: Configuration, { console }: Assignment): Addressed {
  return { site, console }
}

async function toReport(
  type: 'report.weekly' | 'report.now',
  draft: Configuration,
  assignment: Assignment,
  overview: Overview,
): Promise<Message> {
  const letter = await toWeekly(overview, addressed(draft, assignment))
  return toMessage(type, draft, { ...letter, overview }, overview.generatedAt)
}

/** Ids grow with time, so that messages are listed in the order in which they were made. */
function toMessage(
  type: Message['type'],
  { site: { id, name } }: Configuration,
  data: object,
  now: number,
): Message {
  const timestamp = new Date(now).toISOString()
  const body = JSON.stringify({ type, timestamp, data: { site: { id, name }, ...data } })
  return { id: `msg_${now}_${crypto.randomUUID()}`, type, body, tries: 0, due: now }
}
