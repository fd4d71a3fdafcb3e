import { useSignal } from '@preact/signals'
import type { JSX, RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { PlotSize } from './drawings.ts'
import { toSafeSvg } from './safe-svg.ts'

type Drawings = typeof import('./drawings.ts')

interface Props {
  /** What the plot shows and where its data stand, for those who do not see it. */
  readonly label: string
  /** Changes when the drawing must. */
  readonly version: string
  readonly height: number
  readonly draw: (drawings: Drawings, size: PlotSize) => Element
}

/**
 * A plot as wide as its place, drawn anew only when its data or width change. Nothing is drawn, nor
 * the plotting code loaded, before the place comes near the screen or the page is printed.
 */
export function PlotFigure({ label, version, height, draw }: Props): JSX.Element {
  const place = useRef<HTMLDivElement>(null)
  const near = useNear(place)
  const width = useWidth(place)
  const failed = useSignal(false)
  // `version` stands for the data that `draw` closes over.
  useEffect(() => {
    if (!near || width === 0) return
    let current = true
    import('./drawings.ts').then(
      (drawings) => {
        if (!current) return
        failed.value = false
        const svg = toSafeSvg(draw(drawings, { width, height }), label)
        place.current?.replaceChildren(svg)
      },
      () => {
        failed.value = true
      },
    )
    return () => {
      current = false
    }
  }, [near, width, version, height, label])
  return (
    <>
      <div class="plot-place" ref={place} style={{ minBlockSize: `${height}px` }} />
      {failed.value && <p class="hint">The plot could not be loaded; the tables hold its data.</p>}
    </>
  )
}

/** Pixels around the screen within which a plot is drawn ahead. */
const AHEAD = '600px'

/** Has the element come near the screen, or onto paper? */
function useNear(place: RefObject<Element | null>): boolean {
  const [near, setNear] = useState(false)
  useEffect(() => {
    const arrive = () => setNear(true)
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && arrive(),
      { rootMargin: AHEAD },
    )
    if (place.current) observer.observe(place.current)
    addEventListener('beforeprint', arrive)
    return () => {
      observer.disconnect()
      removeEventListener('beforeprint', arrive)
    }
  }, [place])
  return near
}

/** The element's width in whole pixels; 0 before it is laid out. */
function useWidth(place: RefObject<Element | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width))
    })
    if (place.current) observer.observe(place.current)
    return () => observer.disconnect()
  }, [place])
  return width
}
