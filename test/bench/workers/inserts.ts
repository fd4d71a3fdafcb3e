import { DurableObject } from 'cloudflare:workers'

interface Env {
  readonly STORE: DurableObjectNamespace<Store>
}

/** The least that keeps events: one object, one `INSERT` each. */
export class Store extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY, doc TEXT)')
  }

  insert(events: readonly { readonly messageId: string }[]): number {
    this.ctx.storage.transactionSync(() => {
      for (const event of events) {
        this.ctx.storage.sql.exec(
          'INSERT INTO event VALUES (?, ?)',
          event.messageId,
          JSON.stringify(event),
        )
      }
    })
    return events.length
  }
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { batch } = await request.json<{ batch: readonly { readonly messageId: string }[] }>()
    const accepted = await env.STORE.getByName('one').insert(batch)
    return Response.json({ accepted })
  },
}
