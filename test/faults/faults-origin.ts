import { createServer } from 'node:net'
import {
  AMBIGUOUS_CASES,
  CHARSET_CASES,
  EXCESSIVE_CASES,
  REPEATED_CASES,
  SLOPPY_CASES,
  UNCLOSED_CASES,
  UTF_16,
} from './cases-bodies.ts'
import { CUT_CASES, NO_ANSWER_CASES, ODD_END_CASES } from './cases-broken.ts'
import { KEPT_CASES } from './cases-kept.ts'
import { CHARSETS } from './charsets.ts'
import {
  asFarAsSeen,
  brokenOff,
  type Check,
  complete,
  passed,
  personal,
  refused,
  sameAs,
  untouched,
  whole,
} from './checks.ts'
import type { Answer } from './client.ts'
import { type Asking, cycle, type Group, type Scene } from './fault.ts'
import type { Stage } from './stage.ts'

const STATUSES = [201, 202, 203, 400, 401, 403, 404, 410, 418, 429, 500, 503, 599]
const REDIRECTS = [301, 302, 303, 307, 308]

/** A page with the status that its path asks for, as the origin sent it. */
const ofItsStatus: Check = (answer, asked) => {
  const status = Number(/is=(\d+)/.exec(asked.path)?.[1])
  return whole({ allow: ['origin’s page'], quiet: true, status })(answer, asked)
}

const ODD_ANSWERS: Group = {
  name: 'The origin answers oddly',
  faults: [
    {
      name: 'statuses other than 200',
      path: (n) => `/p/status?is=${STATUSES[n % STATUSES.length]}`,
      expect: ofItsStatus,
    },
    {
      name: 'redirects to another host',
      path: (n) => `/p/redirect?is=${REDIRECTS[n % REDIRECTS.length]}&to=https://else.example/`,
      expect: ofItsStatus,
    },
    {
      name: 'permission for caches to keep the page',
      path: () => '/p/cacheable',
      expect: personal,
    },
    { name: 'no-transform', path: () => '/p/no-transform', expect: passed },
    {
      name: '3 cookies, 100 headers, trailers, early hints',
      path: cycle(['cookies', 'hundred', 'trailers', 'hints']),
      expect: personal,
    },
    { name: 'a slot with an integrity attribute', path: () => '/sri/sri', expect: passed },
    { name: 'JSON, XHTML, an image', path: cycle(['json', 'xhtml', 'image']), ...asSent() },
    { name: 'an event stream', path: () => '/p/events', share: 0.1, ...asSent() },
  ],
}

/** Compared with what the origin says when it is asked without us. */
function asSent(): { expect: Check; ask: (asking: Asking) => Promise<Answer> } {
  const origins = new Map<string, Answer>()
  return {
    async ask({ stage, client, path, person: { headers } }) {
      const origin = origins.get(path) ?? (await stage.direct.ask({ path }))
      origins.set(path, origin)
      return client.ask({ path, headers })
    },
    expect(answer, asked) {
      const origin = origins.get(asked.path)
      return origin ? sameAs(origin)(answer, asked) : { how: 'wrong', wrong: 'never asked' }
    },
  }
}

const charsetsThat = (ascii: boolean) =>
  Object.keys(CHARSET_CASES).filter((name) => CHARSETS[name]?.ascii === ascii)

const CODINGS: Group = {
  name: 'Codings and charsets',
  faults: [
    { name: 'gzip, br', path: cycle(['gzip', 'br']), expect: personal },
    { name: 'a coding in upper case', path: () => '/p/upper-gzip', expect: complete },
    {
      name: 'deflate, zstd, gzip twice, an unknown one',
      path: cycle(['deflate', 'zstd', 'double-gzip', 'unknown']),
      expect: untouched(/untouched_encoding/),
    },
    {
      name: 'cut, damaged or falsely announced compression',
      path: cycle(['not-gzip', 'cut-gzip', 'cut-br', 'broken-gzip']),
      expect: brokenOff,
    },
    {
      name: 'charsets with ASCII in them, also unannounced or invalid',
      path: cycle(charsetsThat(true)),
      expect: personal,
    },
    {
      name: 'other charsets',
      path: cycle([...charsetsThat(false), ...Object.keys(UTF_16)]),
      expect: untouched(/untouched_charset/),
    },
  ],
}

const MARKUP: Group = {
  name: 'Markup',
  faults: [
    ...[
      { name: 'a parser cannot be sure', cases: AMBIGUOUS_CASES, share: 1 },
      { name: 'browsers forgive', cases: SLOPPY_CASES, share: 1 },
      { name: 'is larger than a parser’s memory', cases: EXCESSIVE_CASES, share: 0.1 },
      { name: 'repeats a slot', cases: REPEATED_CASES, share: 1 },
      { name: 'never closes a slot', cases: UNCLOSED_CASES, share: 1 },
    ].map(({ name, cases, share }) => ({
      name: `markup that ${name} (${Object.keys(cases).length} kinds)`,
      path: cycle(Object.keys(cases)),
      expect: asFarAsSeen,
      share,
    })),
    {
      name: '5,000 elements for one slot',
      path: () => '/every/crowded',
      expect: personal,
      share: 0.05,
    },
    { name: 'a page of 50 MB', path: () => '/p/huge', expect: personal, share: 0.02 },
  ],
}

const CHUNKS: Group = {
  name: 'Chunks',
  faults: [
    { name: 'one byte at a time', path: () => '/p/bytes', expect: personal, share: 0.1 },
    { name: 'every tag cut in two', path: () => '/p/cut-tags', expect: personal },
    { name: 'a trickle', path: () => '/p/trickle', expect: personal, share: 0.2 },
    {
      name: 'visitors who hang up',
      path: () => '/p/trickle',
      ask: ({ client, path, person: { headers }, n }) =>
        client.ask({ path, headers, patience: 1 + (n % 60) }),
      expect: ({ complete }) => ({ how: complete ? 'stayed to the end' : 'gone' }),
    },
    {
      name: 'a page that takes longer than an answer may',
      path: () => '/p/slow-page',
      expect: personal,
      share: 0.04,
    },
    {
      name: 'a stream that takes longer than an answer may',
      path: () => '/p/slow-text',
      share: 0.04,
      ...asSent(),
    },
    {
      name: 'a second half that waits for the first to arrive',
      path: (n) => `/p/gate?gate=${n}`,
      ask: ({ stage, client, path, person: { headers }, n }) =>
        client.ask({ path, headers, patience: 5_000, onStart: () => stage.origin.open(String(n)) }),
      expect: personal,
    },
  ],
}

/** At the second site, so that its origin's failures are not held against the first one's. */
async function atSecond({ second, newcomers }: Stage): Promise<Scene> {
  return { client: second.client, people: newcomers }
}

const BREAKAGE: Group = {
  name: 'The origin breaks',
  faults: [
    {
      name: 'in the middle of a page',
      path: cycle(Object.keys(CUT_CASES)),
      expect: brokenOff,
      begin: atSecond,
    },
    {
      name: 'after a page, against the rules',
      path: cycle(Object.keys(ODD_END_CASES)),
      expect: personal,
      begin: atSecond,
    },
    {
      name: 'before it answers',
      path: cycle(Object.keys(NO_ANSWER_CASES)),
      expect: refused(502),
      begin: atSecond,
    },
    {
      name: 'at some paths, while others are well',
      path: (n) => (n % 7 < 6 ? '/p/reset' : '/p/small'),
      expect: (answer, asked) =>
        (asked.path === '/p/reset' ? refused(502) : personal)(answer, asked),
      begin: atSecond,
    },
    { name: 'its port is closed', expect: refused(502), begin: atClosedPort },
    {
      name: 'it never answers',
      path: () => '/p/stall-before-headers',
      expect: refused(502, 504),
      share: 0.2,
      begin: atSecond,
    },
    {
      name: 'it stops in the middle and waits',
      path: () => '/p/stall-mid-body',
      ask: ({ client, path, person: { headers } }) => client.ask({ path, headers, stay: 200 }),
      expect: stillWaiting,
      share: 0.1,
      begin: atSecond,
    },
  ],
}

/** What the origin sent has arrived, and nothing says that it was all. */
function stillWaiting({ status, complete, body }: Answer): ReturnType<Check> {
  if (complete || status !== 200) return { how: 'wrong', wrong: `status ${status}, not waiting` }
  return body.includes('data-sv="who"')
    ? { how: 'waits, first half personal' }
    : { how: 'wrong', wrong: `only ${body.length} bytes of the first half` }
}

async function atClosedPort(stage: Stage): Promise<Scene> {
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
  await stage.publish({ id: 'closed', hosts: ['closed.test'], origin: `http://127.0.0.1:${port}` })
  const client = stage.at('closed.test')
  await stage.untilKnown(client)
  return { client, people: stage.newcomers, lost: true }
}

const KEPT: Group = {
  name: 'Pages are kept',
  faults: Object.keys(KEPT_CASES).map((name) => ({
    name: name.replaceAll('-', ' '),
    path: () => `/p/${name}`,
    expect: personal,
  })),
}

/** Whatever an origin can do to a page. */
export const ORIGIN_GROUPS: readonly Group[] = [
  ODD_ANSWERS,
  CODINGS,
  MARKUP,
  CHUNKS,
  KEPT,
  BREAKAGE,
]
