/** What is asked for at a time, in bytes. */
const READ = 64 * 1024
/** A shorter piece is copied, so that it does not keep the memory of a long one. */
const SPARSE = READ / 2

/** A body read in pieces as large as they come, from the first read on and not before. */
export interface Source {
  /** The next piece; nothing at the body's end. Rejects where the body breaks off. */
  read(): Promise<Uint8Array | undefined>
  cancel(reason: unknown): Promise<void>
}

export function createSource(body: ReadableStream<Uint8Array>): Source {
  let source: Source | undefined
  const opened = () => {
    source ??= inLargePieces(body) ?? asTheyCome(body)
    return source
  }
  return {
    read: () => opened().read(),
    cancel: (reason) => (source ? source.cancel(reason) : body.cancel(reason)),
  }
}

/** By default the runtime reads 4 kB at a time, and each read has its price. */
function inLargePieces(body: ReadableStream<Uint8Array>): Source | undefined {
  let reader: ReadableStreamBYOBReader
  try {
    reader = body.getReader({ mode: 'byob' })
  } catch {
    // A stream made by a script need not be one of bytes.
    return undefined
  }
  let buffer = new Uint8Array(READ)
  return {
    async read() {
      const { done, value } = await reader.read(buffer)
      if (done) return undefined
      const isSparse = value.length < SPARSE
      buffer = isSparse ? new Uint8Array(value.buffer) : new Uint8Array(READ)
      return isSparse ? value.slice() : value
    },
    cancel: (reason) => reader.cancel(reason),
  }
}

function asTheyCome(body: ReadableStream<Uint8Array>): Source {
  const reader = body.getReader()
  return {
    async read() {
      const { done, value } = await reader.read()
      return done ? undefined : value
    },
    cancel: (reason) => reader.cancel(reason),
  }
}
