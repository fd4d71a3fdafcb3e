import { FILLS } from '../fills.ts'

interface Env {
  readonly ORIGIN: string
}

/** The part of the Workers global that is used here; its full types clash with the DOM's. */
declare class HTMLRewriter {
  on(selector: string, handlers: { element(element: Target): void }): HTMLRewriter
  transform(response: Response): Response
}

interface Target {
  setInnerContent(content: string, options: { html: boolean }): void
}

const fill = (html: string) => ({
  element(element: Target) {
    element.setInnerContent(html, { html: true })
  },
})

/** What one would write by hand for these three replacements and nothing else. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, search } = new URL(request.url)
    const response = await fetch(new Request(env.ORIGIN + pathname + search, request))
    return new HTMLRewriter()
      .on('#promo', fill(FILLS.promo))
      .on('#hero', fill(FILLS.hero))
      .on('#picks', fill(FILLS.picks))
      .transform(response)
  },
}
