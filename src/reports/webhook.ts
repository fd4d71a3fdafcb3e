import { Webhook } from 'standardwebhooks'
import type { Keyring } from '../model/keys.ts'

/** One thing that is told, the same each time it is tried. */
export interface Message {
  readonly id: string
  readonly type: 'insights.changed' | 'report.weekly' | 'report.now'
  /** JSON. */
  readonly body: string
  /** Times that it was tried. */
  readonly tries: number
  /** Epoch ms: when it is tried next. */
  readonly due: number
}

/** What became of one try. */
export interface Attempt {
  readonly ok: boolean
  /** A sentence. */
  readonly detail: string
}

const PATIENCE_MS = 10_000
const MINUTE_MS = 60_000

/** Minutes after which it is tried again: as Standard Webhooks recommends, about three days in all. */
const WAITS = [1, 5, 30, 120, 300, 600, 840, 1_200, 1_440]

/** When a message is to be tried again that was just tried, in epoch ms; nothing where that is enough. */
export function nextTry({ tries }: Message, now: number): number | undefined {
  const wait = WAITS[tries]
  return wait === undefined ? undefined : now + wait * MINUTE_MS
}

/** The secrets that sign what a site is sent, the newest first. Whoever receives it needs one of them. */
export async function webhookSecrets(ring: Keyring, site: string): Promise<string[]> {
  const bytes = new TextEncoder().encode(site)
  const macs = await Promise.all(ring.map(({ key }) => crypto.subtle.sign('HMAC', key, bytes)))
  return macs.map((mac) => `whsec_${btoa(String.fromCharCode(...new Uint8Array(mac)))}`)
}

/** Sends one message, signed as https://www.standardwebhooks.com has it; `now` in epoch ms. */
export async function sendMessage(
  { id, body }: Pick<Message, 'id' | 'body'>,
  url: string,
  secrets: readonly string[],
  now: number,
): Promise<Attempt> {
  const at = new Date(now)
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      // Another address than the one that an owner gave was not checked.
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Selvedge',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now / 1000)),
        'webhook-signature': secrets.map((one) => new Webhook(one).sign(id, at, body)).join(' '),
      },
    })
    await response.body?.cancel()
    return { ok: response.ok, detail: `The receiver answered ${response.status}.` }
  } catch (error) {
    return { ok: false, detail: `The receiver cannot be reached: ${String(error)}` }
  }
}
