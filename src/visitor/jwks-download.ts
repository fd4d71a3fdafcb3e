/** Bytes after decompression; a set of 20 keys with certificates takes about half. */
const MAX_BYTES = 65_536

/**
 * Fetches a small JSON document. Redirects are not followed, since the configured address is the
 * one that was allowed. `undefined` for whatever went wrong: a status other than 200, over 64 KB,
 * no JSON, or not all of it there after `timeout` milliseconds.
 */
export async function downloadJson(
  url: string,
  fetch: typeof globalThis.fetch,
  timeout: number,
): Promise<unknown> {
  const abort = new AbortController()
  // A deadline of our own too: on Workers an aborted signal does not end a body that trickles in.
  const deadline = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => deadline.resolve(undefined), timeout)
  try {
    return await Promise.race([readJson(url, fetch, abort.signal), deadline.promise])
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
    abort.abort()
  }
}

async function readJson(
  url: string,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<unknown> {
  const headers = { accept: 'application/jwk-set+json, application/json' }
  const response = await fetch(url, { redirect: 'manual', headers, signal })
  if (response.status !== 200 || !response.body) return response.body?.cancel()
  const text = await readText(response.body, signal)
  return text === undefined ? undefined : JSON.parse(text)
}

async function readText(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const reader = body.getReader()
  const cancel = () => reader.cancel().catch(() => undefined)
  signal.addEventListener('abort', cancel)
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  let text = ''
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    size += value.byteLength
    if (size > MAX_BYTES) {
      await cancel()
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}
