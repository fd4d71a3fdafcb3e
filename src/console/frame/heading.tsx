import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** Nothing has been shown yet: on page load the browser's own focus is right. */
let loading = true

/** A screen's heading. It titles the document and takes the focus when the screen arrives. */
export function Heading({ children }: { readonly children: string }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${children} · Selvedge console`
  }, [children])
  useEffect(() => {
    if (!loading) {
      scrollTo(0, 0)
      heading.current?.focus({ preventScroll: true })
    }
    loading = false
  }, [])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
