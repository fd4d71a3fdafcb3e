/** A slot's element as the origin sends it, and every form it may take when it is filled. */
export interface SlotElement {
  readonly slot: string
  /** ASCII. */
  readonly original: string
  /** ASCII; at `[n]` what the `n`th possible decision makes of it. */
  readonly filled: readonly string[]
}

/** A page in pieces: bytes that must pass as they are, and elements that may be filled. */
export type Piece = Buffer | SlotElement

/** The page as the origin sends it. */
export function bytesOf(pieces: readonly Piece[]): Buffer {
  return Buffer.concat(
    pieces.map((piece) => (Buffer.isBuffer(piece) ? piece : Buffer.from(piece.original, 'latin1'))),
  )
}

/** The page as it should arrive when every slot got the decision of this number. */
export type Filling = ReadonlyMap<string, number>

/** How a page that arrived differs from the one that was sent. */
export type Comparison =
  | {
      readonly kind: 'same'
      /** Slot → number of its decision; slots that kept the origin's element are not in it. */
      readonly filled: Filling
      readonly kept: readonly string[]
    }
  | { readonly kind: 'differs'; readonly at: number; readonly wanted: string; readonly got: string }

/**
 * Walks a page as it arrived along the pieces it was sent in: outside the slots every byte must be
 * the origin's, and each slot's element must be in one of its known forms.
 */
export function compare(arrived: Buffer, pieces: readonly Piece[]): Comparison {
  const filled = new Map<string, number>()
  const kept: string[] = []
  let at = 0
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) {
      const length = commonLength(arrived, at, piece)
      if (length < piece.length) return differs(arrived, at + length, piece.subarray(length))
      at += length
    } else {
      const form = longestForm(arrived, at, piece)
      if (!form) return differs(arrived, at, Buffer.from(piece.original, 'latin1'))
      if (form.decision === undefined) kept.push(piece.slot)
      else filled.set(piece.slot, form.decision)
      at += form.length
    }
  }
  if (at < arrived.length) return differs(arrived, at, Buffer.alloc(0))
  return { kind: 'same', filled, kept }
}

function commonLength(arrived: Buffer, at: number, piece: Buffer): number {
  if (arrived.subarray(at, at + piece.length).equals(piece)) return piece.length
  let length = 0
  while (length < piece.length && arrived[at + length] === piece[length]) length++
  return length
}

/** The longest of the forms that stand here: what an operation leaves of one may begin another. */
function longestForm(
  arrived: Buffer,
  at: number,
  { original, filled }: SlotElement,
): { readonly length: number; readonly decision?: number } | undefined {
  const forms = [
    ...filled.map((text, decision) => ({ text, decision })),
    { text: original, decision: undefined },
  ]
  return forms
    .filter(({ text }) =>
      arrived.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1')),
    )
    .map(({ text, decision }) => ({ length: text.length, decision }))
    .sort((a, b) => b.length - a.length)[0]
}

/** Bytes shown of each side where two pages part. */
const EXCERPT = 80

function differs(arrived: Buffer, at: number, wanted: Buffer): Comparison {
  const excerpt = (bytes: Buffer) => JSON.stringify(bytes.subarray(0, EXCERPT).toString('latin1'))
  return { kind: 'differs', at, wanted: excerpt(wanted), got: excerpt(arrived.subarray(at)) }
}

const BEACON = /<script[^>]* data-sv='[^']*'[^>]*>[^<]*(?:<(?!\/script)[^<]*)*<\/script>$/

/** Takes the beacon off a page's end; `''` where it has none. */
export function splitBeacon(arrived: Buffer): { readonly page: Buffer; readonly beacon: string } {
  const tail = arrived.subarray(-LONGEST_BEACON).toString('latin1')
  const found = BEACON.exec(tail)
  if (!found) return { page: arrived, beacon: '' }
  return { page: arrived.subarray(0, arrived.length - found[0].length), beacon: found[0] }
}

const LONGEST_BEACON = 32_768
