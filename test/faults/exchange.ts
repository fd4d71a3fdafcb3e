import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Piece } from './page.ts'

/** One request at the scripted origin. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  /** The case's page as bytes; empty where it has none. */
  readonly page: Buffer
}

/** How the origin answers at one path. */
export interface Case {
  /** What its page is made of. */
  readonly pieces?: () => readonly Piece[]
  readonly answer: (exchange: Exchange) => unknown
}

export type Cases = Readonly<Record<string, Case>>

export const HTML = 'text/html; charset=utf-8'

/** The page with a status and headers, in one piece. */
export function send(
  { response, page }: Exchange,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
  status = 200,
): void {
  const { 'content-type': type = HTML, ...rest } = headers
  const all = { 'content-type': type, 'content-length': String(page.length), ...rest }
  response.writeHead(status, toOutgoing(all)).end(page)
}

export function toOutgoing(
  headers: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]),
  )
}

/** Waits until what was written has gone out, and then a little. */
export async function write({ response }: Exchange, bytes: Buffer, pauseMs = 0): Promise<void> {
  await new Promise<void>((resolve) => response.write(bytes, () => resolve()))
  if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
}
