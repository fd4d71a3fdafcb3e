import { openArena } from './arena.ts'
import { ask, type Target } from './ask.ts'
import { eventDoor, inserts } from './contestants/events.ts'
import { type Figure, type Goal, toFigure } from './figure.ts'
import { type Asking, CONNECTIONS, load, toMessage } from './load.ts'
import { processorTimeOf } from './processor.ts'

const SLICE_MS = 500
const WARM_UP_MS = 1500

/** Events of one visitor in a run; the door takes a thousand in an hour. */
const EACH = 900

interface Claim {
  readonly figure: string
  /** Events in one request. */
  readonly size: number
  readonly goal: Goal
  readonly note: string
}

const CLAIMS: readonly Claim[] = [
  {
    figure: 'events.batch',
    size: 100,
    goal: { sign: '>=', bound: 0.3 },
    note: 'batches of 100 through the door, half of them signed steps of exposures, against as many bare inserts into one Durable Object by the same requests',
  },
  {
    figure: 'events.single',
    size: 1,
    goal: { sign: '>=', bound: 0.3 },
    note: 'one event a request, against one bare insert into one Durable Object by the same request',
  },
]

/** The names of the figures that `eventFigures` measures. */
export const EVENT_FIGURES = CLAIMS.map((claim) => claim.figure)

/** Events per second, of visitors who have a page's token; both lanes in one workerd, turn by turn. */
export async function eventFigures(names: readonly string[], rounds: number): Promise<Figure[]> {
  const arena = await openArena([eventDoor, inserts])
  try {
    const [ours, peer] = [eventDoor, inserts].map(({ name }) => arena.targets.get(name))
    if (!ours || !peer) throw new Error('nobody takes events')
    const figures: Figure[] = []
    for (const claim of CLAIMS.filter(({ figure }) => names.includes(figure))) {
      figures.push(await measure(claim, { ours, peer }, rounds))
    }
    return figures
  } finally {
    await arena.close()
  }
}

type Place = Omit<Target, 'path'>

interface Lane {
  readonly target: Target
  readonly asking: Asking
  readonly rates: number[]
  events: number
  /** Milliseconds of workerd's processor time. */
  processor: number
}

async function measure(
  { figure, size, goal, note }: Claim,
  { ours, peer }: { ours: Place; peer: Place },
  rounds: number,
): Promise<Figure> {
  const sender = await createSender(ours, size)
  const lanes = [ours, peer].map((place): Lane => {
    const target = { ...place, path: '/_sv/v1/batch' }
    const asking = { next: () => sender.next(target), mark: `"accepted":${size}` }
    return { target, asking, rates: [], events: 0, processor: 0 }
  })
  for (const { target, asking } of lanes) await load(target, WARM_UP_MS, asking)
  for (let round = 0; round < rounds; round++) {
    for (const lane of round % 2 === 0 ? lanes : lanes.toReversed()) await run(lane, size)
    await sender.refill()
  }
  const [own, other] = lanes
  if (!own || !other) throw new Error(`no rounds for ${figure}`)
  const cost = ({ processor, events }: Lane) => ((1000 * processor) / events).toFixed(0)
  return toFigure(
    { ours: own.rates, peer: other.rates },
    {
      ...{ figure, goal, unit: 'events/s' },
      note: `${note}; ${cost(own)} against ${cost(other)} µs of workerd an event; ${CONNECTIONS} connections`,
    },
  )
}

async function run(lane: Lane, size: number): Promise<void> {
  const processorTime = processorTimeOf('workerd') ?? (() => 0)
  const before = processorTime()
  const { rate, answers } = await load(lane.target, SLICE_MS, lane.asking)
  lane.rates.push(rate * size)
  lane.events += answers * size
  lane.processor += processorTime() - before
}

interface Sender {
  /** One more request, of events that nobody has sent yet. */
  next(target: Target): string
  /** Sees to it that there are visitors enough for the next round. */
  refill(): Promise<void>
}

interface Visitor {
  readonly cookie: string
  readonly token: string
  /** Their number on the visitor's page. */
  readonly exposures: number
  left: number
}

/** Visitors kept ready: two rounds' worth of a fast machine. */
const READY = 100_000

async function createSender(place: Place, size: number): Promise<Sender> {
  const visitors: Visitor[] = []
  let sent = 0
  const refill = async () => {
    while (visitors.length * EACH < READY) visitors.push(await visit(place))
  }
  await refill()
  return {
    refill,
    next(target) {
      const [visitor] = visitors
      if (!visitor) throw new Error('More events were sent than there are visitors for.')
      visitor.left -= size
      if (visitor.left < size) visitors.shift()
      const events = Array.from({ length: size }, () => toMessageOf(visitor, sent++))
      const headers = {
        ...{ ...target.headers, Cookie: visitor.cookie, 'Sec-Fetch-Site': 'same-origin' },
        'Content-Type': 'application/json',
      }
      return toMessage({ ...target, headers }, 'POST', JSON.stringify({ batch: events }))
    },
  }
}

const STEPS = ['delivered', 'survived', 'seen']

/** Every other event is a step of one of the page's exposures. */
function toMessageOf({ token, exposures }: Visitor, n: number): object {
  const messageId = `bench-${String(n).padStart(12, '0')}`
  if (n % 2 === 0) {
    const properties = { token, index: (n >> 1) % exposures, step: STEPS[(n >> 2) % 3] }
    return { type: 'track', event: 'Selvedge Exposure', messageId, properties }
  }
  const properties = { path: `/products/${n % 500}`, category: 'jackets', value: n % 100 }
  return n % 4 === 1
    ? { type: 'page', messageId, properties }
    : { type: 'track', event: 'Product Viewed', messageId, properties }
}

/** A new visitor's cookie and token, by a page view. */
async function visit({ address, headers }: Place): Promise<Visitor> {
  const { Cookie: _, ...anonymous } = headers
  const page = await ask({
    address,
    path: '/',
    headers: { ...anonymous, 'Accept-Encoding': 'identity' },
  })
  const cookie = page.headers['set-cookie']?.[0]?.split(';')[0]
  const payload = /data-sv='(\{"t"[^']*\})'/.exec(page.body.toString())?.[1]
  if (!cookie || !payload) throw new Error('The page gave no visitor or no token.')
  const { t: token, d: marks }: { t: string; d: string[] } = JSON.parse(payload)
  return { cookie, token, exposures: marks.length, left: EACH }
}
