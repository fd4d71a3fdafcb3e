import { err, ok, type Result } from '../model/result.ts'

export type BodyRefusal = 'too_large' | 'bad_encoding'

/** A request's body as text, unpacked where it is gzipped, and never more than `limit` bytes of it. */
export async function readBody(
  request: Request,
  limit: number,
): Promise<Result<string, BodyRefusal>> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return err('too_large')
  const encoding = request.headers.get('content-encoding') ?? 'identity'
  const body = request.body
  if (body === null) return ok('')
  if (encoding === 'identity') return readText(body, limit)
  if (encoding !== 'gzip') return err('bad_encoding')
  return readText(body.pipeThrough(new DecompressionStream('gzip')), limit).catch(() =>
    err('bad_encoding'),
  )
}

async function readText(
  body: ReadableStream<Uint8Array>,
  limit: number,
): Promise<Result<string, BodyRefusal>> {
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  for await (const chunk of body) {
    length += chunk.byteLength
    // Leaving the loop cancels the stream: a bomb is not unpacked to its end.
    if (length > limit) return err('too_large')
    text += decoder.decode(chunk, { stream: true })
  }
  return ok(text + decoder.decode())
}
