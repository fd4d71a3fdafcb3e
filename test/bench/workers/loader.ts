interface Env {
  readonly LOADER: {
    get(name: string, code: () => Promise<Code>): { getEntrypoint(): Entrypoint }
  }
  /** What `Modules` says, as JSON: the worker's, and an empty one's. */
  readonly [modules: string]: unknown
}

interface Entrypoint {
  fetch(request: Request): Promise<Response>
}

interface Code {
  readonly compatibilityDate: string
  readonly mainModule: string
  readonly modules: Modules
}

/** File name → script or text. */
export type Modules = Readonly<Record<string, string | { readonly text: string }>>

/** Evaluates the worker and answers: nothing of it is called. */
const MAIN = 'main.js'
const mainOf = (modules: Modules) =>
  `${'index.js' in modules ? "import './index.js'\n" : ''}export default { fetch: () => new Response('started') }`

/**
 * `?modules=NAME&nth=N` starts a worker in an isolate of its own and says when it has answered. Whoever
 * asks does the timing, as a worker's clock stands still while another starts.
 */
export default {
  fetch(request: Request, env: Env): Promise<Response> {
    const { searchParams } = new URL(request.url)
    const name = searchParams.get('modules') ?? ''
    const own = env[name] as Modules
    const code = async () => ({
      compatibilityDate: String(env.DATE),
      mainModule: MAIN,
      modules: { ...own, [MAIN]: mainOf(own) },
    })
    return env.LOADER.get(`${name}-${searchParams.get('nth')}`, code)
      .getEntrypoint()
      .fetch(request)
  },
}
