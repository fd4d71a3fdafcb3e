import {
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'

/** Counts of one arm, as `Counts` has them. */
const counters = () => ({
  delivered: real('delivered').notNull(),
  survived: real('survived').notNull(),
  seen: real('seen').notNull(),
  clicked: real('clicked').notNull(),
  rewarded: real('rewarded').notNull(),
  value: real('value').notNull(),
  value2: real('value2').notNull(),
  delay: real('delay').notNull().default(0),
})

/** Epoch milliseconds everywhere; JSON documents are validated by the model's schemas before they get here. */
export const sites = sqliteTable('site', {
  id: text('id').primaryKey(),
  doc: text('doc').notNull(),
  /** Counts the changes of the site's draft: every one of them takes the next number. */
  revision: integer('revision').notNull().default(1),
  /** The revision in which the site's own document was last changed. */
  version: integer('version').notNull().default(1),
  updatedAt: integer('updated_at').notNull(),
  updatedBy: text('updated_by').notNull(),
})

/** What editors are working on: one row per slot, module, variant, audience, goal and experience. */
export const drafts = sqliteTable(
  'draft',
  {
    site: text('site').notNull(),
    kind: text('kind').notNull(),
    id: text('id').notNull(),
    /** Place in its list, kept so that a configuration reads back as it was written. */
    place: integer('place').notNull(),
    doc: text('doc').notNull(),
    /** The revision of the site in which it was last changed, so that none comes back with a new thing. */
    version: integer('version').notNull().default(1),
    updatedAt: integer('updated_at').notNull(),
    updatedBy: text('updated_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.kind, t.id] })],
)

/** What staff did, one row each; triggers refuse to change or delete one. */
export const changeLog = sqliteTable(
  'change_log',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    by: text('by').notNull(),
    role: text('role').notNull(),
    action: text('action').notNull(),
    site: text('site'),
    kind: text('kind'),
    id: text('id'),
    /** The revision that a change of a draft made; nothing for other acts. */
    version: integer('version'),
    summary: text('summary').notNull(),
  },
  // Of two changes that follow the same revision, the second is refused as a whole, whatever it writes.
  (t) => [uniqueIndex('change_log_revision').on(t.site, t.version)],
)

/** Host → site and its origin, for published sites: enough to pass a page on when nothing else can be read. */
export const hosts = sqliteTable('host', {
  host: text('host').primaryKey(),
  site: text('site').notNull(),
  origin: text('origin').notNull(),
})

/** Bundles and the configurations they were compiled from, immutable; cut into parts because a D1 row holds 2 MB at most. */
export const bundles = sqliteTable(
  'bundle',
  {
    hash: text('hash').notNull(),
    part: integer('part').notNull(),
    body: text('body').notNull(),
    /** Epoch ms until when it is needed, as by a preview; nothing for what was published. */
    until: integer('until'),
  },
  (t) => [primaryKey({ columns: [t.hash, t.part] })],
)

/** Which bundle was current from when; the newest row of a site is the published one. */
export const publications = sqliteTable(
  'publication',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    site: text('site').notNull(),
    hash: text('hash').notNull(),
    at: integer('at').notNull(),
    by: text('by').notNull(),
    /** Why, in the words of who did it. */
    note: text('note').notNull().default(''),
    /** Number of the publication whose bundle was made current again; nothing for one of a draft. */
    restores: integer('restores'),
    /** Hash of the configuration it was compiled from, kept like a bundle; nothing of before that was kept. */
    configuration: text('configuration'),
  },
  (t) => [index('publication_site').on(t.site, t.seq)],
)

/** Drafts that somebody was asked to look at before they are published. */
export const reviews = sqliteTable(
  'review',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    site: text('site').notNull(),
    /** The revision of the draft that is looked at: any later one is another draft. */
    revision: integer('revision').notNull(),
    at: integer('at').notNull(),
    by: text('by').notNull(),
    note: text('note').notNull().default(''),
    /** `approved` or `declined`; nothing as long as nobody has said. */
    verdict: text('verdict'),
    decidedAt: integer('decided_at'),
    decidedBy: text('decided_by'),
    decidedNote: text('decided_note').notNull().default(''),
  },
  (t) => [index('review_site').on(t.site, t.id)],
)

/** What is to be made current at a time: the bundle as it was compiled then, whatever the draft is by now. */
export const schedule = sqliteTable(
  'scheduled',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    site: text('site').notNull(),
    /** When it is to be published. */
    at: integer('at').notNull(),
    hash: text('hash').notNull(),
    configuration: text('configuration').notNull(),
    note: text('note').notNull().default(''),
    by: text('by').notNull(),
    role: text('role').notNull(),
    madeAt: integer('made_at').notNull(),
    /** `waiting`, `done`, `failed` or `cancelled`. */
    state: text('state').notNull().default('waiting'),
    /** Why it failed. */
    detail: text('detail').notNull().default(''),
  },
  (t) => [index('scheduled_site').on(t.site, t.state, t.at)],
)

/**
 * Counts per arm and hour, written by learners as absolute figures: writing one twice changes nothing. After
 * some months a day's hours are one row, that of its first hour in UTC.
 */
export const rollups = sqliteTable(
  'rollup',
  {
    site: text('site').notNull(),
    experience: text('experience').notNull(),
    variant: text('variant').notNull(),
    segment: text('segment').notNull(),
    /** Hours since the epoch. */
    hour: integer('hour').notNull(),
    ...counters(),
  },
  (t) => [primaryKey({ columns: [t.site, t.experience, t.hour, t.variant, t.segment] })],
)

/** Counts per version of the weights, segment and arm since ever, absolute too: lifts are made of them. */
export const totals = sqliteTable(
  'arm_total',
  {
    site: text('site').notNull(),
    experience: text('experience').notNull(),
    version: integer('version').notNull(),
    segment: text('segment').notNull(),
    variant: text('variant').notNull(),
    ...counters(),
  },
  (t) => [primaryKey({ columns: [t.site, t.experience, t.version, t.segment, t.variant] })],
)

/** What each learner last found wrong, or right, with what it is told; one JSON document each. */
export const audits = sqliteTable(
  'audit',
  {
    site: text('site').notNull(),
    experience: text('experience').notNull(),
    at: integer('at').notNull(),
    doc: text('doc').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.experience] })],
)

/** Every weights version that was ever published, for reports and for replaying a decision. */
export const weightsVersions = sqliteTable(
  'weights_version',
  {
    site: text('site').notNull(),
    experience: text('experience').notNull(),
    version: integer('version').notNull(),
    at: integer('at').notNull(),
    shares: text('shares').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.experience, t.version] })],
)

/** Keys by which servers send events of a site; what opens the door is only known to who was given it. */
export const writeKeys = sqliteTable(
  'write_key',
  {
    site: text('site').notNull(),
    id: text('id').notNull(),
    /** SHA-256 of the key, hex. */
    hash: text('hash').notNull().unique(),
    createdAt: integer('created_at').notNull(),
    createdBy: text('created_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.id] })],
)

/** A sample of pages' decisions, as `PageRecord`s; nothing in them is of a person. */
export const decisionLog = sqliteTable(
  'decision_log',
  {
    site: text('site').notNull(),
    /** Counts up by one within a site. */
    seq: integer('seq').notNull(),
    at: integer('at').notNull(),
    bundle: text('bundle').notNull(),
    doc: text('doc').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.seq] }), index('decision_log_at').on(t.at)],
)

/** Receipts of erasures: that somebody was erased, when, and how much; whom, only the key can tell. */
export const erasures = sqliteTable(
  'erasure',
  {
    id: text('id').primaryKey(),
    site: text('site').notNull(),
    /** HMAC of the site and who it was, base64url. */
    fingerprint: text('fingerprint').notNull(),
    at: integer('at').notNull(),
    by: text('by').notNull(),
    /** Rows by store, as JSON. */
    erased: text('erased').notNull(),
  },
  (t) => [
    index('erasure_fingerprint').on(t.site, t.fingerprint),
    index('erasure_at').on(t.site, t.at),
  ],
)

/** What the business knows of its customers, one row for each attribute of each. */
export const customers = sqliteTable(
  'customer',
  {
    site: text('site').notNull(),
    /** The hash by which a person is known; user ids are stored nowhere. */
    person: text('person').notNull(),
    attribute: text('attribute').notNull(),
    /** JSON; nothing where it is confirmed that there is none. */
    value: text('value'),
    /** When the source last confirmed it. */
    at: integer('at').notNull(),
    source: text('source').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.person, t.attribute] })],
)

/** Who shares a roof with whom: people of one household have its name. */
export const households = sqliteTable(
  'household',
  {
    site: text('site').notNull(),
    person: text('person').notNull(),
    household: text('household').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.person] }),
    index('household_of').on(t.site, t.household),
  ],
)

/** Each import that was begun. Rows are those read; `finished`: when it ended, well or not. */
export const imports = sqliteTable(
  'import',
  {
    site: text('site').notNull(),
    id: text('id').notNull(),
    source: text('source').notNull(),
    kind: text('kind').notNull(),
    at: integer('at').notNull(),
    by: text('by').notNull(),
    rows: integer('rows').notNull(),
    bad: integer('bad').notNull(),
    finished: integer('finished'),
  },
  (t) => [primaryKey({ columns: [t.site, t.id] }), index('import_at').on(t.site, t.at)],
)

/** What was answered to calls that name a key, so that one sent again is not done again. */
export const calls = sqliteTable(
  'call',
  {
    /** Hash of who asked, for what, under which key. */
    key: text('key').primaryKey(),
    /** Hash of what was sent. */
    fingerprint: text('fingerprint').notNull(),
    at: integer('at').notNull(),
    /** HTTP status; nothing while it is being done. */
    status: integer('status'),
    /** JSON of the headers that belong to the answer. */
    headers: text('headers').notNull().default('{}'),
    body: text('body').notNull().default(''),
  },
  (t) => [index('call_at').on(t.at)],
)
