import { asFarAsSeen } from './checks.ts'
import type { Fault, Group } from './fault.ts'
import { bytesOf, type Piece } from './page.ts'
import { between, createRandom } from './random.ts'
import { ELEMENTS } from './site.ts'

type Random = () => number

const NAMES =
  'a b p div ul li main table tr td svg math template select option textarea title style script noscript iframe frameset plaintext xmp x-y DIV'.split(
    ' ',
  )

/** Never an open quote: what it swallows would give another element the attributes of a slot's. */
const VALUES = ['x', '"x y"', "'<b>'", '"a > b"', '&amp;', '""', '=', '`']

const TEXTS = [
  'Storm &amp; calm. ',
  'Fjäll – 5 < 6 &c. ',
  '\r\n\t',
  '\r',
  '\0',
  ' &#x26; ',
  '"',
  "'",
  '>',
]
const BOGUS = [
  '<!--',
  '-->',
  '--!>',
  '<!-- x -->',
  '<![CDATA[',
  ']]>',
  '<!x>',
  '<?x?>',
  '</>',
  '< ',
]

const pick = (random: Random, all: readonly string[]): string =>
  all[between(random, 0, all.length)] ?? ''

/** Bits of markup, some of which swallow, open or break whatever follows; none looks like a slot. */
const BITS: readonly ((random: Random) => string)[] = [
  (random) => pick(random, TEXTS).repeat(between(random, 1, 20)),
  (random) => `<${pick(random, NAMES)}>`,
  (random) => `</${pick(random, NAMES)}>`,
  (random) => `<${pick(random, NAMES)} a=${pick(random, VALUES)} b>`,
  (random) => `<${pick(random, NAMES)}/>`,
  (random) => pick(random, BOGUS),
]

/** A page of random bits with every slot somewhere in it, and the chunks in which it is sent. */
export function makePage(seed: number): {
  readonly pieces: readonly Piece[]
  readonly chunks: readonly Buffer[]
} {
  const random = createRandom(seed)
  const pieces = [...ELEMENTS.values()]
    .sort(() => random() - 0.5)
    .flatMap((element): Piece[] => [madeOf(random), element])
  const all = [...pieces, madeOf(random)]
  return { pieces: all, chunks: cutUp(bytesOf(all), random) }
}

function madeOf(random: Random): Buffer {
  const bits = [...Array(between(random, 0, 3))].map(
    () => BITS[between(random, 0, BITS.length)]?.(random) ?? '',
  )
  const noise = [...Array(between(random, 0, 4))].map(() => between(random, 128, 256))
  return Buffer.concat([Buffer.from(bits.join('')), Buffer.from(noise)])
}

function cutUp(bytes: Buffer, random: Random): Buffer[] {
  const cuts = [...Array(between(random, 0, 12))].map(() => between(random, 0, bytes.length))
  const borders = [0, ...cuts.sort((a, b) => a - b), bytes.length]
  return borders
    .slice(1)
    .map((end, n) => bytes.subarray(borders[n], end))
    .filter((chunk) => chunk.length > 0)
}

/** Pages that nobody thought of; the same ones for the same seed. */
export function madeFaults(seed: number): Group {
  const seedOf = (n: number) => seed * 100_003 + n
  const fault: Fault = {
    name: 'random markup cut at random places',
    path: (n) => `/p/made?n=${n}`,
    pieces: (n) => makePage(seedOf(n)).pieces,
    async ask({ stage, client, path, person: { headers }, n }) {
      stage.origin.made.set(String(n), makePage(seedOf(n)).chunks)
      const answer = await client.ask({ path, headers })
      stage.origin.made.delete(String(n))
      return answer
    },
    expect: asFarAsSeen,
  }
  return { name: 'Made pages', faults: [fault] }
}
