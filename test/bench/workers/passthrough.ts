interface Env {
  readonly ORIGIN: string
}

/** The least a proxy can do: the origin's page as it is. */
export default {
  fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, search } = new URL(request.url)
    return fetch(new Request(env.ORIGIN + pathname + search, request))
  },
}
