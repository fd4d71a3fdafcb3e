// Not typed: the guard is written for the runtime's types, which clash with those of Node and the DOM.
import { createGuard } from '../../../src/rewrite/guard.ts'
import { FILLS } from '../fills.ts'

const fill = (guard, html) => ({
  element(element) {
    const put = (closes) => {
      if (closes) element.setInnerContent(html, { html: true })
    }
    const closes = guard.closes(element, false)
    return typeof closes === 'boolean' ? put(closes) : closes.then(put)
  },
})

/** The worker in `htmlrewriter.ts`, with the guard between the page and the rewriter. */
export default {
  async fetch(request, env) {
    const { pathname, search } = new URL(request.url)
    const response = await fetch(new Request(env.ORIGIN + pathname + search, request))
    const guard = createGuard(response.body)
    const rewriter = new HTMLRewriter()
    guard.attach(rewriter)
    return rewriter
      .on('#promo', fill(guard, FILLS.promo))
      .on('#hero', fill(guard, FILLS.hero))
      .on('#picks', fill(guard, FILLS.picks))
      .transform(new Response(guard.body, response))
  },
}
