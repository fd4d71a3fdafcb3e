import * as z from 'zod'

const Progress = z.object({ read: z.number(), kept: z.number(), bad: z.number() })

const Summary = Progress.extend({
  done: z.literal(true),
  errors: z.array(z.object({ line: z.number(), code: z.string(), column: z.string().optional() })),
})

const Failure = z.object({
  done: z.literal(false),
  error: z.object({ code: z.string(), line: z.number(), detail: z.string() }),
})

const Line = z.union([Summary, Failure, Progress])

/** Sends a file as it is read; `tell` hears of bytes sent and rows kept. Throws where it ended early. */
export async function importFile(
  url: string,
  headers: Record<string, string>,
  file: AsyncIterable<Uint8Array>,
  tell: (bytes: number, note: string) => void,
): Promise<z.infer<typeof Summary>> {
  let sent = 0
  let note = ''
  const pieces = file[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = await pieces.next()
      if (piece.done) return controller.close()
      controller.enqueue(piece.value)
      sent += piece.value.byteLength
      tell(sent, note)
    },
  })
  // Node's own `duplex` has no place in the platform's types; a stream is not sent without it.
  const request = { method: 'POST', headers, body, duplex: 'half' }
  const response = await fetch(url, request)
  if (!response.ok || !response.body)
    throw new Error(`${response.status}: ${await response.text()}`)
  for await (const line of linesOf(response.body)) {
    if ('error' in line) {
      throw new Error(`line ${line.error.line}: ${line.error.code}. ${line.error.detail}`)
    }
    if ('done' in line) return line
    note = `${line.kept} kept, ${line.bad} bad`
    tell(sent, note)
  }
  throw new Error('The connection broke; send the file again.')
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<z.infer<typeof Line>> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of body) {
    const lines = `${rest}${decoder.decode(piece, { stream: true })}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield Line.parse(JSON.parse(line))
  }
}
