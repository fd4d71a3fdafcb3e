/**
 * Frameworks that build a page's elements again in the browser, by what they leave in its HTML. What is
 * inserted inside their root is undone or duplicated when they hydrate.
 */
export const FRAMEWORKS = [
  { name: 'next', selector: '#__next' },
  { name: 'gatsby', selector: '#___gatsby' },
  { name: 'react', selector: '[data-reactroot]' },
  { name: 'nuxt', selector: '#__nuxt' },
  { name: 'vue', selector: '[data-server-rendered]' },
  { name: 'vue', selector: '[data-v-app]' },
  { name: 'angular', selector: '[ng-version]' },
  { name: 'angular', selector: '[ng-server-context]' },
  { name: 'svelte', selector: '[data-sveltekit-preload-data]' },
  { name: 'svelte', selector: '[data-sveltekit-hydrate]' },
  { name: 'astro', selector: 'astro-island' },
] as const

export type Framework = (typeof FRAMEWORKS)[number]['name']

/** The app router of Next hydrates the whole document; its own root element is not there. */
const WHOLE_DOCUMENT = { name: 'next', selector: 'script[src^="/_next/"]' } as const

/** Says which framework's root encloses an element, while the page streams past. */
export interface HydrationWatch {
  /** The root that the parser is inside of just now. */
  inside(): Framework | undefined
  /** A framework that hydrates all of the document; known at its end. */
  wholeDocument(): Framework | undefined
}

/**
 * Watches for frameworks; register before the slots, so that a slot that is itself a root counts as
 * inside. Every selector has its price on every element: watch a sample of pages only.
 */
export function watchHydration(rewriter: HTMLRewriter): HydrationWatch {
  const open: Framework[] = []
  const seen = new Set<Framework>()
  let document: Framework | undefined
  for (const { name, selector } of FRAMEWORKS) {
    rewriter.on(selector, {
      element(element) {
        seen.add(name)
        open.push(name)
        try {
          element.onEndTag(() => void open.pop())
        } catch {
          // A void element has no end, and nothing inside.
          open.pop()
        }
      },
    })
  }
  rewriter.on(WHOLE_DOCUMENT.selector, {
    element() {
      document = WHOLE_DOCUMENT.name
    },
  })
  return {
    inside: () => open.at(-1),
    wholeDocument: () => (document && !seen.has(document) ? document : undefined),
  }
}
