import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { CHARSETS } from './charsets.ts'
import {
  crowdedPage,
  hugePage,
  ordinaryPage,
  PLAIN,
  pageAround,
  pageOf,
  SMALL,
  unclosedPage,
} from './documents.ts'
import { type Case, type Cases, type Exchange, HTML, send, write } from './exchange.ts'
import { AMBIGUOUS, EXCESSIVE, REPEATED_SLOTS, SLOPPY, UNCLOSED_SLOTS } from './markup.ts'
import { bytesOf, type Piece } from './page.ts'

/** Fast, since what is tested is the decoding. */
const brotli = (bytes: Buffer) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })

function encoded(encoding: string, encode: (page: Buffer) => Buffer): Case {
  const kept = new Map<Buffer, Buffer>()
  return {
    pieces: () => PLAIN,
    answer: (exchange) => {
      const body = kept.get(exchange.page) ?? encode(exchange.page)
      kept.set(exchange.page, body)
      send({ ...exchange, page: body }, { 'content-encoding': encoding })
    },
  }
}

/** Content codings, right and wrong. */
export const ENCODING_CASES: Cases = {
  gzip: encoded('gzip', (page) => gzipSync(page)),
  'upper-gzip': encoded('GZIP', (page) => gzipSync(page)),
  br: encoded('br', brotli),
  deflate: encoded('deflate', (page) => deflateSync(page)),
  zstd: encoded('zstd', (page) => zstdCompressSync(page)),
  'double-gzip': encoded('gzip, gzip', (page) => gzipSync(gzipSync(page))),
  unknown: encoded('x-none', (page) => page),
  'not-gzip': encoded('gzip', (page) => page),
  'cut-gzip': encoded('gzip', (page) => cut(gzipSync(page), 0.6)),
  'cut-br': encoded('br', (page) => cut(brotli(page), 0.6)),
  'broken-gzip': encoded('gzip', (page) => broken(gzipSync(page))),
}

function cut(bytes: Buffer, share: number): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length * share))
}

function broken(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  const middle = Math.floor(copy.length / 2)
  copy.fill(0xff, middle, middle + 64)
  return copy
}

const BOM = Buffer.from('efbbbf', 'hex')

export const CHARSET_CASES: Cases = Object.fromEntries(
  Object.entries(CHARSETS).map(([name, { type, meta, text }]): [string, Case] => {
    const head = `<!DOCTYPE html>\n<html><head>${meta && `<meta charset="${meta}">`}</head><body>`
    const start = name === 'bom' ? Buffer.concat([BOM, Buffer.from(head)]) : head
    const pieces = pageOf(text, start)
    return [name, { pieces: () => pieces, answer: (page) => send(page, { 'content-type': type }) }]
  }),
)

/** Without a byte of ASCII markup: nothing in it can be found. */
export const UTF_16: Cases = {
  'utf-16le': {
    pieces: () => [Buffer.from(bytesOf(SMALL).toString('utf8'), 'utf16le')],
    answer: (page) => send(page, { 'content-type': 'text/html; charset=utf-16le' }),
  },
}

function page(pieces: () => readonly Piece[]): Case {
  let made: readonly Piece[] | undefined
  return {
    pieces: () => {
      made ??= pieces()
      return made
    },
    answer: (exchange) => send(exchange),
  }
}

function pages<T>(
  faults: Readonly<Record<string, T>>,
  toPieces: (fault: T) => readonly Piece[],
): Cases {
  return Object.fromEntries(
    Object.entries(faults).map(([name, fault]) => [toPath(name), page(() => toPieces(fault))]),
  )
}

/** A name as it stands in a path. */
export function toPath(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}

export const AMBIGUOUS_CASES = pages(AMBIGUOUS, pageAround)
export const EXCESSIVE_CASES = pages(EXCESSIVE, (make) => pageAround(make()))
export const SLOPPY_CASES = pages(SLOPPY, pageAround)
export const REPEATED_CASES = pages(REPEATED_SLOTS, pageAround)
export const UNCLOSED_CASES = pages(UNCLOSED_SLOTS, unclosedPage)
export const SIZE_CASES: Cases = { crowded: page(crowdedPage), huge: page(hugePage) }

const tiny = ordinaryPage(600)

/** The page in chunks of a kind, one after another on the wire. */
function inChunks(pieces: readonly Piece[], cutAt: (page: Buffer) => readonly Buffer[]): Case {
  return { pieces: () => pieces, answer: (exchange) => sendChunks(exchange, cutAt(exchange.page)) }
}

async function sendChunks(
  exchange: Exchange,
  chunks: readonly Buffer[],
  pauseMs = 0,
): Promise<void> {
  const { response } = exchange
  response.writeHead(200, { 'content-type': HTML })
  response.socket?.setNoDelay(true)
  for (const chunk of chunks) await write(exchange, chunk, pauseMs)
  response.end()
}

function split(bytes: Buffer, size: number): Buffer[] {
  return [...Array(Math.ceil(bytes.length / size)).keys()].map((n) =>
    bytes.subarray(n * size, (n + 1) * size),
  )
}

/** One chunk a tag's half: every tag is cut somewhere between `<` and `>`. */
function insideTags(bytes: Buffer): Buffer[] {
  const cuts = [...bytes.toString('latin1').matchAll(/<[^>]{3,}>/g)].map(
    ({ index, 0: tag }) => index + Math.ceil(tag.length / 2),
  )
  return [0, ...cuts].map((at, n) => bytes.subarray(at, cuts[n] ?? bytes.length))
}

export const CHUNK_CASES: Cases = {
  bytes: inChunks(tiny, (bytes) => split(bytes, 1)),
  'cut-tags': inChunks(SMALL, insideTags),
  trickle: {
    pieces: () => SMALL,
    answer: (exchange) => sendChunks(exchange, split(exchange.page, 256), 5),
  },
}
