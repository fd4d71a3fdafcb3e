import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Module } from '../../model/module.ts'
import { siteAddress } from '../sites.ts'
import type { Content, Preview } from './template-preview.ts'

interface Props {
  readonly site: string
  readonly module: Module
  readonly content: Content
  readonly title: string
}

/** Milliseconds of quiet before a preview is made again. */
const QUIET = 150

/** A module filled with content, in a frame in which nothing can run. */
export function FragmentFrame({ site, module, content, title }: Props): JSX.Element {
  const preview = usePreview(module, content)
  if (preview?.kind === 'problems') {
    return (
      <p class="hint frame-empty">
        The template has mistakes; it is shown again once they are mended.
      </p>
    )
  }
  return (
    <iframe
      class="fragment"
      title={title}
      sandbox=""
      srcdoc={preview ? pageOf(preview.html, siteAddress(site)) : ''}
    />
  )
}

function usePreview(module: Module, content: Content): Preview | null {
  const [preview, setPreview] = useState<Preview | null>(null)
  useEffect(() => {
    let latest = true
    const timer = setTimeout(async () => {
      const { previewOf } = await import('./template-preview.ts')
      if (latest) setPreview(previewOf(module, content))
    }, QUIET)
    return () => {
      latest = false
      clearTimeout(timer)
    }
  }, [module, content])
  return preview
}

/** The fragment in a plain page. The site's own styles are seen in the preview of its pages. */
function pageOf(html: string, base: string | null): string {
  const body = new DOMParser().parseFromString(html, 'text/html').body
  for (const image of body.querySelectorAll('img')) {
    const src = image.getAttribute('src') ?? ''
    if (base !== null && URL.canParse(src, base)) image.src = new URL(src, base).href
  }
  const sheet = new URL('preview.css', location.href.replace(/#.*$/, '')).href
  return `<!doctype html><html lang="en"><head><link rel="stylesheet" href="${sheet}"></head><body>${body.innerHTML}</body></html>`
}
