import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'

export interface Asset {
  readonly type: string
  readonly body: Buffer
  /** Strong, of the bytes. */
  readonly etag: string
}

const FOLDER = new URL('assets/', import.meta.url)
const STYLES = new URL('styles/', import.meta.url)

/** In the order of the cascade; they are served as one file. */
const STYLE_SHEETS = ['base.css', 'frame.css', 'blocks.css', 'shop.css', 'modules.css']

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Every file under `/assets/`, by path, read once. */
export async function loadAssets(): Promise<ReadonlyMap<string, Asset>> {
  const names = await readdir(FOLDER, { recursive: true })
  const files = names.filter((name) => extensionOf(name) in TYPES)
  const entries = await Promise.all(
    files.map(async (name): Promise<[string, Asset]> => {
      const type = TYPES[extensionOf(name)] ?? 'application/octet-stream'
      return [`/assets/${name}`, toAsset(type, await readFile(new URL(name, FOLDER)))]
    }),
  )
  const sheets = await Promise.all(STYLE_SHEETS.map((name) => readFile(new URL(name, STYLES))))
  const styles = toAsset('text/css; charset=utf-8', Buffer.concat(sheets))
  return new Map([...entries, ['/assets/site.css', styles]])
}

/** An asset's address with a version that changes with its content, so that it may be kept for good. */
export function versioned(assets: ReadonlyMap<string, Asset>, path: string): string {
  const asset = assets.get(path)
  return asset ? `${path}?v=${asset.etag.slice(1, 9)}` : path
}

/** A strong entity tag of some bytes. */
export function toEtag(body: Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
}

function toAsset(type: string, body: Buffer): Asset {
  return { type, body, etag: toEtag(body) }
}

function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
