import { isVoid } from './elements.ts'
import type { Stop } from './page-tree.ts'
import { createSource } from './source.ts'
import { startTagOf } from './start-tag.ts'
import { Watch } from './watch.ts'

/**
 * Stands between a page and HTMLRewriter, which cuts a page off where lol-html gives up (see
 * `Ambiguity`, and the limits in `Tokenizer`): such a place is seen before the rewriter gets there, and
 * everything from there on passes through it as plain text, to the byte. Holds no more of a page than
 * what has to be seen before the piece in hand can be judged.
 */
export interface Guard {
  /** The page, for the rewriter. Breaks off with the origin's error, is cancelled with the reader's. */
  readonly body: ReadableStream<Uint8Array>
  /** Why the rest of the page is not parsed, once that is known. */
  readonly stop: Stop | undefined
  /** Registers what the guard needs with the rewriter of this page. */
  attach(rewriter: HTMLRewriter): void
  /** Whether an element is the guard's and not the page's. No slot may be one. */
  isOwn(element: Element): boolean
  /**
   * Whether an element that is just being handled ends by its own end tag, and not far off. One that
   * does not would take along whatever follows it. `changed` says that handlers may have changed its
   * attributes. Rejects if the origin breaks off meanwhile.
   */
  closes(element: Element, changed: boolean): boolean | Promise<boolean>
  /** Whether markup put after the page would be markup; asked at its end. */
  takesMarkup(): boolean
}

/** The guard's tags are known by this attribute, whose value nobody can foresee. */
const OWN = 'data-sv-rest'

/**
 * Tags that lead lol-html out of a select, out of SVG and MathML level by level, and into plaintext,
 * which has no end. Hardly a page has any of them, and the first two take no memory.
 */
function wayOut(foreignDepth: number, own: string): Uint8Array {
  const tag = (name: string) => `<${name} ${OWN}="${own}"/>`
  const tags = tag('keygen') + tag('embed').repeat(foreignDepth) + tag('plaintext')
  return new TextEncoder().encode(tags)
}

/** Guards a body whose charset has ASCII as it is. The body is not touched before it is asked for. */
export function createGuard(origin: ReadableStream<Uint8Array>): Guard {
  const source = createSource(origin)
  const watch = new Watch()
  const own = crypto.randomUUID()
  /** What passes as text; from then on nothing is watched. */
  let rest: Uint8Array[] | undefined
  let isOver = false
  let reading: Promise<void> | undefined

  const read = async () => {
    const bytes = await source.read()
    if (bytes === undefined) {
      isOver = true
      watch.end()
    } else if (rest) rest.push(bytes)
    else watch.add(bytes)
  }
  const more = () => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
  const next = () => {
    if (rest) return rest.shift()
    const bytes = watch.take()
    if (bytes || watch.stop === undefined) return bytes
    rest = watch.rest()
    return wayOut(watch.foreignDepth, own)
  }
  const isOwn = (element: Element) => rest !== undefined && element.getAttribute(OWN) === own
  const settled = async (ask: () => boolean | undefined) => {
    for (;;) {
      await more()
      const answer = ask()
      if (answer !== undefined) return answer
    }
  }

  return {
    body: new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          for (let bytes = next(); ; bytes = next()) {
            if (bytes) return controller.enqueue(bytes)
            if (isOver) return controller.close()
            await more()
          }
        },
        cancel: (reason) => source.cancel(reason),
      },
      { highWaterMark: 0 },
    ),
    get stop() {
      return watch.stop
    },
    attach(rewriter) {
      rewriter.on('keygen, embed, plaintext', {
        element: (element) => {
          if (isOwn(element)) element.removeAndKeepContent()
        },
      })
    },
    isOwn,
    closes(element, changed) {
      if (isVoid(element.tagName)) return true
      const ask = watch.ending(startTagOf(element, changed))
      return ask() ?? settled(ask)
    },
    takesMarkup: () => watch.stop === undefined && watch.takesMarkup,
  }
}
