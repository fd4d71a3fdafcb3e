import type { Answer, Client } from './client.ts'
import type { Person } from './people.ts'

/** What became of an event that was sent. */
export type Fate = 'accepted' | 'duplicate' | 'refused'

/** Sends one event of the buyer's, whose visitor object exists. */
export function sendEvent(
  client: Client,
  people: readonly Person[],
  messageId: string,
): Promise<Answer> {
  const buyer = people.find(({ who }) => who === 'buyer')
  return client.ask({
    path: '/_sv/v1/batch',
    method: 'POST',
    headers: { ...buyer?.headers, 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ batch: [{ type: 'track', event: 'seen', messageId }] })),
  })
}

export function fateIn({ body }: Answer): Fate {
  const text = body.toString()
  if (text.includes('"accepted":1')) return 'accepted'
  return text.includes('"duplicates":1') ? 'duplicate' : 'refused'
}

/** Sends an event, and reads what became of it. */
export async function track(
  client: Client,
  people: readonly Person[],
  messageId: string,
): Promise<Fate> {
  return fateIn(await sendEvent(client, people, messageId))
}
