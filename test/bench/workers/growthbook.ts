import { type Env, handleRequest } from '@growthbook/edge-cloudflare'

let payload: object | undefined

/**
 * GrowthBook's edge app as its example deploys it, but its payload handed over: its `init` would
 * replace the `GROWTHBOOK_PAYLOAD` variable by what KV holds, and then ask an API server.
 */
export default {
  fetch(request: Request, env: Env): Promise<Response> {
    payload ??= JSON.parse(env.PAYLOAD)
    return handleRequest(request, env, { payload })
  },
}
