import { ConfigurationSchema } from '../../model/configuration.ts'
import { HistorySchema } from '../../model/history.ts'
import { OverviewSchema } from '../../model/overview.ts'
import { ReportSchema } from '../../model/report.ts'
import { SiteSchema } from '../../model/site.ts'
import { QuestionSchema } from '../audiences.ts'
import { AnswersSchema } from '../gallery.ts'
import { VersionSchema } from '../learning.ts'
import { ConsentSchema, WhomSchema } from '../people.ts'
import { PickWishSchema, SelectorsSchema } from '../picks.ts'
import { PresenceSchema } from '../presence.ts'
import { PreviewWishSchema } from '../previews.ts'
import { NotedSchema } from '../publish.ts'
import { OffSchema, PublishWishSchema } from '../publishing.ts'
import { SignInSchema } from '../session.ts'
import { TraceWishSchema } from '../traces.ts'
import * as a from './answers.ts'
import { empty, json, type Operation, type Query } from './operation.ts'
import { THING_OPERATIONS } from './things.ts'

const PAGE: readonly Query[] = [
  { name: 'limit', about: 'How many, 1 to 200; 50 unless given.', type: 'integer' },
  { name: 'cursor', about: 'Where to go on: `next` of the answer before.' },
]

const SIGNED_IN: readonly Operation[] = [
  {
    ...{ id: 'signIn', method: 'post', path: '/session', tag: 'Session', role: undefined },
    summary: 'Trades a token for a session cookie, as the console does.',
    body: { name: 'SignIn', schema: SignInSchema },
    answers: { 204: empty },
    problems: ['bad_json', 'cross_site', 'unauthenticated'],
  },
  {
    ...{ id: 'readSession', method: 'get', path: '/session', tag: 'Session', role: 'marketer' },
    summary: 'Who is signed in.',
    answers: { 200: json('Staff', a.StaffSchema) },
    problems: [],
  },
  {
    ...{ id: 'signOut', method: 'delete', path: '/session', tag: 'Session', role: 'marketer' },
    summary: 'Ends the session.',
    answers: { 204: empty },
    problems: [],
  },
  {
    ...{ id: 'readAudit', method: 'get', path: '/audit', tag: 'Session', role: 'marketer' },
    summary: 'Who did what, the newest first; all sites together are for owners.',
    query: [{ name: 'site', about: 'One site.' }, ...PAGE],
    answers: { 200: json('Audit', a.AuditSchema) },
    problems: ['invalid'],
  },
]

const SITES: readonly Operation[] = [
  {
    ...{ id: 'listSites', method: 'get', path: '/sites', tag: 'Sites', role: 'marketer' },
    summary: 'All sites, with what is current of each.',
    answers: { 200: json('Sites', a.SitesSchema) },
    problems: [],
  },
  {
    ...{ id: 'createSite', method: 'post', path: '/sites', tag: 'Sites', role: 'owner' },
    summary: 'Begins a site.',
    body: { name: 'Site', schema: SiteSchema },
    answers: { 201: json('SiteThing', a.SiteThingSchema) },
    problems: ['invalid', 'exists'],
  },
  {
    ...{ id: 'readSite', method: 'get', path: '/sites/{site}', tag: 'Sites', role: 'marketer' },
    summary: 'A site’s own document.',
    answers: { 200: json('SiteThing', a.SiteThingSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'saveSite', method: 'put', path: '/sites/{site}', tag: 'Sites', role: 'editor' },
    summary: 'Changes a site’s own document; what it decides of whom is for owners.',
    condition: 'must',
    body: { name: 'Site', schema: SiteSchema },
    answers: {
      200: json('SiteThing', a.SiteThingSchema),
      201: json('SiteThing', a.SiteThingSchema),
    },
    problems: ['invalid', 'not_found', 'precondition_failed', 'precondition_required'],
  },
  {
    ...{ id: 'readConfiguration', method: 'get', path: '/sites/{site}/configuration' },
    ...{ tag: 'Sites', role: 'marketer' },
    summary: 'The whole draft as one document; its ETag is the draft’s revision.',
    answers: { 200: json('Configuration', ConfigurationSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'saveConfiguration', method: 'put', path: '/sites/{site}/configuration' },
    ...{ tag: 'Sites', role: 'editor', condition: 'may' },
    summary: 'Replaces the whole draft, all of it or nothing of it.',
    body: { name: 'Configuration', schema: ConfigurationSchema },
    answers: { 204: empty },
    problems: ['invalid', 'precondition_failed'],
  },
  {
    ...{ id: 'switchOff', method: 'put', path: '/sites/{site}/off', tag: 'Sites', role: 'editor' },
    summary: 'Gives every visitor the origin’s own pages within 5 s, or ends that.',
    body: { name: 'Off', schema: OffSchema },
    answers: { 200: json('SiteState', a.SiteStateSchema) },
    problems: ['invalid', 'not_found'],
  },
]

const PUBLISHING: readonly Operation[] = [
  {
    ...{ id: 'check', method: 'post', path: '/sites/{site}/check', tag: 'Publish', role: 'editor' },
    summary:
      'Everything that a publish would say, and what the site’s own pages have of the slots.',
    answers: { 200: json('CheckReport', a.CheckReportSchema) },
    problems: ['not_found'],
  },
  {
    ...{
      id: 'publish',
      method: 'post',
      path: '/sites/{site}/publish',
      tag: 'Publish',
      role: 'editor',
    },
    summary: 'Compiles the draft and makes it current, now or at a time.',
    body: { name: 'PublishWish', schema: PublishWishSchema, optional: true },
    answers: {
      201: json('Published', a.PublishedSchema),
      202: json('Scheduled', a.ScheduledSchema),
    },
    problems: ['invalid', 'not_found', 'not_approved'],
  },
  {
    ...{ id: 'listScheduled', method: 'get', path: '/sites/{site}/scheduled' },
    ...{ tag: 'Publish', role: 'marketer' },
    summary: 'What goes live by itself, and what became of what did.',
    answers: { 200: json('Schedule', a.ScheduleSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'cancelScheduled', method: 'delete', path: '/sites/{site}/scheduled/{id}' },
    ...{ tag: 'Publish', role: 'editor' },
    summary: 'Calls off what has not gone live yet.',
    answers: { 204: empty },
    problems: ['not_found'],
  },
  {
    ...{ id: 'listPublications', method: 'get', path: '/sites/{site}/publications' },
    ...{ tag: 'Publish', role: 'marketer' },
    summary: 'What was published when, by whom and why, the newest first.',
    query: PAGE,
    answers: { 200: json('Publications', a.pageOf(a.PublicationSchema)) },
    problems: ['invalid', 'not_found'],
  },
  {
    ...{ id: 'readPublication', method: 'get' },
    ...{ path: '/sites/{site}/publications/{seq}/configuration' },
    ...{ tag: 'Publish', role: 'marketer' },
    summary: 'What a publication was compiled from.',
    answers: { 200: json('Configuration', ConfigurationSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'restorePublication', method: 'post' },
    ...{ path: '/sites/{site}/publications/{seq}/restore', tag: 'Publish', role: 'editor' },
    summary: 'Makes what was published before current again; the draft stays as it is.',
    body: { name: 'Noted', schema: NotedSchema },
    answers: { 201: json('Publication', a.PublicationSchema) },
    problems: ['invalid', 'not_found'],
  },
  {
    ...{ id: 'readDifferences', method: 'get', path: '/sites/{site}/differences' },
    ...{ tag: 'Publish', role: 'marketer' },
    summary: 'How one state of the configuration differs from another, in sentences.',
    query: [
      { name: 'from', about: 'Number of a publication, or `draft`.' },
      { name: 'to', about: 'The same; `draft` unless given.' },
    ],
    answers: { 200: json('Differences', a.DifferencesSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'listReviews', method: 'get', path: '/sites/{site}/reviews' },
    ...{ tag: 'Publish', role: 'marketer' },
    summary: 'Reviews of drafts, and whether the draft as it is now is approved.',
    answers: { 200: json('Reviews', a.ReviewsSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'askForReview', method: 'post', path: '/sites/{site}/reviews' },
    ...{ tag: 'Publish', role: 'editor' },
    summary: 'Asks for somebody to look at the draft.',
    body: { name: 'Noted', schema: NotedSchema },
    answers: { 201: json('Review', a.ReviewSchema) },
    problems: ['invalid', 'not_found'],
  },
  {
    ...{ id: 'approveReview', method: 'post', path: '/sites/{site}/reviews/{id}/approve' },
    ...{ tag: 'Publish', role: 'editor' },
    summary: 'Approves the draft; only somebody without a part in it may.',
    body: { name: 'Noted', schema: NotedSchema },
    answers: { 200: json('Review', a.ReviewSchema) },
    problems: ['invalid', 'not_found', 'own_work', 'outdated', 'decided'],
  },
  {
    ...{ id: 'declineReview', method: 'post', path: '/sites/{site}/reviews/{id}/decline' },
    ...{ tag: 'Publish', role: 'editor' },
    summary: 'Declines the draft, or calls the review off.',
    body: { name: 'Noted', schema: NotedSchema },
    answers: { 200: json('Review', a.ReviewSchema) },
    problems: ['invalid', 'not_found', 'decided'],
  },
]

const MAKING: readonly Operation[] = [
  {
    ...{ id: 'readGallery', method: 'get', path: '/gallery', tag: 'Make', role: 'marketer' },
    summary: 'Modules and recipes to begin from.',
    answers: { 200: json('Gallery', a.GallerySchema) },
    problems: [],
  },
  {
    ...{ id: 'fillRecipe', method: 'post', path: '/sites/{site}/recipes/{recipe}' },
    ...{ tag: 'Make', role: 'editor' },
    summary: 'Fills a recipe in: all its things become drafts, or none.',
    body: { name: 'RecipeAnswers', schema: AnswersSchema },
    answers: { 201: json('MadeThings', a.MadeSchema) },
    problems: ['invalid', 'not_found'],
  },
  {
    ...{ id: 'explainAudience', method: 'post', path: '/sites/{site}/audiences/explain' },
    ...{ tag: 'Make', role: 'marketer' },
    summary: 'Whether a visitor one makes up matches a rule, test by test.',
    body: { name: 'AudienceQuestion', schema: QuestionSchema },
    answers: { 200: json('Explanation', a.ExplanationSchema) },
    problems: ['invalid', 'not_found'],
  },
  {
    ...{ id: 'makePreview', method: 'post', path: '/sites/{site}/previews' },
    ...{ tag: 'Make', role: 'marketer' },
    summary: 'A link to a page as it would be for a visitor one makes up.',
    body: { name: 'PreviewWish', schema: PreviewWishSchema },
    answers: { 201: json('Link', a.LinkSchema) },
    problems: ['invalid', 'not_found'],
  },
  {
    ...{ id: 'makePick', method: 'post', path: '/sites/{site}/picks', tag: 'Make', role: 'editor' },
    summary: 'A link to a page at whose elements the console lets one point.',
    body: { name: 'PickWish', schema: PickWishSchema },
    answers: { 201: json('Link', a.LinkSchema) },
    problems: ['invalid', 'not_found'],
  },
  {
    ...{ id: 'findSelectors', method: 'post', path: '/sites/{site}/selectors' },
    ...{ tag: 'Make', role: 'editor' },
    summary: 'How many elements of the origin’s page each selector finds.',
    body: { name: 'Selectors', schema: SelectorsSchema },
    answers: { 200: json('FoundSelectors', a.FoundSchema) },
    problems: ['invalid', 'not_found'],
  },
  {
    ...{
      id: 'makeTrace',
      method: 'post',
      path: '/sites/{site}/traces',
      tag: 'Make',
      role: 'editor',
    },
    summary: 'A link that shows whoever opens it how pages are decided for their own browser.',
    body: { name: 'TraceWish', schema: TraceWishSchema, optional: true },
    answers: { 201: json('Link', a.LinkSchema) },
    problems: ['invalid', 'not_found'],
  },
]

const REPORT_WISH: readonly Query[] = [
  { name: 'control', about: 'The variant that others are compared with; the first unless given.' },
  { name: 'segment', about: 'Visitors of this segment only.' },
  { name: 'measure', about: '`rewards` or `value`; what the experience aims at unless given.' },
  {
    name: 'days',
    about: 'How many days to tell one by one, 1 to 400; 30 unless given.',
    type: 'integer',
  },
  { name: 'zone', about: 'IANA zone of those days; the site’s unless given.' },
]

const FIGURES: readonly Operation[] = [
  {
    ...{ id: 'readOverview', method: 'get', path: '/sites/{site}/overview' },
    ...{ tag: 'Figures', role: 'marketer' },
    summary: 'What needs somebody, and each experience in a line.',
    answers: { 200: json('Overview', OverviewSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'readFigures', method: 'get', path: '/sites/{site}/figures' },
    ...{ tag: 'Figures', role: 'marketer' },
    summary: 'What each variant did.',
    answers: { 200: json('Figures', a.FiguresSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'readFiguresCsv', method: 'get', path: '/sites/{site}/figures.csv' },
    ...{ tag: 'Figures', role: 'marketer' },
    summary: 'The same as CSV.',
    answers: { 200: { kind: 'text', media: 'text/csv' } },
    problems: ['not_found'],
  },
  {
    ...{ id: 'readWeekly', method: 'get', path: '/sites/{site}/overview.html' },
    ...{ tag: 'Figures', role: 'marketer' },
    summary: 'The report of the week, as it is sent to a site’s `notify` address.',
    answers: { 200: { kind: 'text', media: 'text/html' } },
    problems: ['not_found'],
  },
  {
    ...{ id: 'enterPlace', method: 'put', path: '/sites/{site}/presence' },
    ...{ tag: 'Sites', role: 'editor' },
    summary: 'Says what one is editing, every 20 seconds, and asks who else is.',
    body: { name: 'Presence', schema: PresenceSchema },
    answers: { 200: json('Others', a.OthersSchema) },
    problems: ['invalid'],
  },
  {
    ...{ id: 'readNotifications', method: 'get', path: '/sites/{site}/notifications' },
    ...{ tag: 'Figures', role: 'owner' },
    summary:
      'The secret by which what is sent is signed (Standard Webhooks), and what became of the newest.',
    answers: { 200: json('Notifications', a.NotificationsSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'sendReport', method: 'post', path: '/sites/{site}/notifications' },
    ...{ tag: 'Figures', role: 'owner' },
    summary: 'Sends the report at once, to see that it arrives.',
    answers: { 200: json('Delivered', a.DeliveredSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'readReport', method: 'get', path: '/sites/{site}/experiences/{experience}/report' },
    ...{ tag: 'Figures', role: 'marketer' },
    summary: 'What one experience did, with lifts that hold while it learns and while one watches.',
    query: REPORT_WISH,
    answers: { 200: json('Report', ReportSchema) },
    problems: ['invalid', 'not_found'],
  },
  {
    ...{ id: 'readReportCsv', method: 'get' },
    ...{ path: '/sites/{site}/experiences/{experience}/report.csv' },
    ...{ tag: 'Figures', role: 'marketer' },
    summary: 'One of its tables as CSV.',
    query: [
      { name: 'table', about: '`arms` unless given; `watched`, `days`, `segments` or `history`.' },
      ...REPORT_WISH,
    ],
    answers: { 200: { kind: 'text', media: 'text/csv' } },
    problems: ['invalid', 'not_found'],
  },
  {
    ...{ id: 'watchLive', method: 'get', path: '/sites/{site}/experiences/{experience}/live' },
    ...{ tag: 'Figures', role: 'marketer' },
    summary: 'A WebSocket that tells what each variant’s counts grow by, as JSON, as they grow.',
    answers: { 101: empty },
    problems: ['not_found', 'cross_site', 'overloaded', 'upgrade_required'],
  },
  {
    ...{ id: 'learn', method: 'post', path: '/sites/{site}/experiences/{experience}/learn' },
    ...{ tag: 'Figures', role: 'editor' },
    summary: 'Weights from everything counted by now.',
    answers: { 200: json('Version', a.VersionAnswerSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'bringHistory', method: 'post' },
    ...{ path: '/sites/{site}/experiences/{experience}/history', tag: 'Figures', role: 'owner' },
    summary: 'What the experience has done elsewhere, so that it learns on from there.',
    body: { name: 'History', schema: HistorySchema },
    answers: { 201: json('Version', a.VersionAnswerSchema) },
    problems: ['invalid', 'not_found', 'exists'],
  },
  {
    ...{ id: 'rollBackWeights', method: 'post' },
    ...{ path: '/sites/{site}/experiences/{experience}/rollback', tag: 'Figures', role: 'editor' },
    summary: 'Back to an earlier version of the weights; what was learned since is forgotten.',
    body: { name: 'WeightsVersion', schema: VersionSchema },
    answers: { 200: json('Version', a.VersionAnswerSchema) },
    problems: ['invalid', 'not_found'],
  },
  {
    ...{ id: 'readSlotHealth', method: 'get', path: '/sites/{site}/slot-health' },
    ...{ tag: 'Figures', role: 'marketer' },
    summary: 'How often live pages had each slot, of the last hour.',
    answers: { 200: json('SlotHealth', a.SlotHealthSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'readCaps', method: 'get', path: '/sites/{site}/caps', tag: 'Figures' },
    ...{ role: 'marketer' },
    summary: 'How the places of groups and stocks stand.',
    answers: { 200: json('Caps', a.CapsSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'readSuppressions', method: 'get', path: '/sites/{site}/suppressions' },
    ...{ tag: 'Figures', role: 'marketer' },
    summary: 'What policies kept from pages, by day.',
    answers: { 200: json('Suppressions', a.SuppressionsSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'listDecisions', method: 'get', path: '/sites/{site}/decisions' },
    ...{ tag: 'Figures', role: 'editor' },
    summary: 'What a sample of pages was decided from, the newest first.',
    query: [{ name: 'before', about: 'Where to go on.', type: 'integer' }],
    answers: { 200: json('Decisions', a.DecisionsSchema) },
    problems: ['invalid', 'not_found'],
  },
]

const EVENTS: readonly Operation[] = [
  {
    ...{ id: 'readEventCounts', method: 'get', path: '/sites/{site}/events/counts' },
    ...{ tag: 'Events', role: 'marketer' },
    summary: 'Events by hour and what became of them.',
    answers: { 200: json('EventCounts', a.EventCountsSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'readEventTail', method: 'get', path: '/sites/{site}/events/tail' },
    ...{ tag: 'Events', role: 'editor' },
    summary: 'A visitor’s newest events; without a visitor those of the browser that asks.',
    query: [{ name: 'visitor', about: 'Id of a visitor.' }],
    answers: { 200: json('EventTail', a.TailSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'listWriteKeys', method: 'get', path: '/sites/{site}/write-keys' },
    ...{ tag: 'Events', role: 'owner' },
    summary: 'Keys by which servers send events.',
    answers: { 200: json('WriteKeys', a.WriteKeysSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'makeWriteKey', method: 'post', path: '/sites/{site}/write-keys' },
    ...{ tag: 'Events', role: 'owner' },
    summary: 'Makes a key, which is in this answer and nowhere else.',
    answers: { 201: json('NewWriteKey', a.NewWriteKeySchema) },
    problems: ['not_found', 'too_many'],
  },
  {
    ...{ id: 'deleteWriteKey', method: 'delete', path: '/sites/{site}/write-keys/{id}' },
    ...{ tag: 'Events', role: 'owner' },
    summary: 'Takes a key back.',
    answers: { 204: empty },
    problems: ['not_found'],
  },
]

const PEOPLE: readonly Operation[] = [
  {
    ...{ id: 'exportPerson', method: 'post', path: '/sites/{site}/people/export' },
    ...{ tag: 'People', role: 'owner' },
    summary: 'All that is kept of somebody.',
    body: { name: 'Whom', schema: WhomSchema },
    answers: { 200: json('WholePerson', a.WholePersonSchema) },
    problems: ['invalid', 'not_found', 'unavailable'],
  },
  {
    ...{ id: 'erasePerson', method: 'post', path: '/sites/{site}/people/erase' },
    ...{ tag: 'People', role: 'owner' },
    summary: 'Erases somebody from every store; answers once nothing is left.',
    body: { name: 'Whom', schema: WhomSchema },
    answers: { 200: json('ErasureReceipt', a.ReceiptSchema) },
    problems: ['invalid', 'not_found', 'unavailable'],
  },
  {
    ...{ id: 'setConsent', method: 'post', path: '/sites/{site}/people/consent' },
    ...{ tag: 'People', role: 'owner' },
    summary: 'What somebody told the business that they allow.',
    body: { name: 'PersonConsent', schema: ConsentSchema },
    answers: { 200: json('ConsentSet', a.ConsentAnswerSchema) },
    problems: ['invalid', 'not_found', 'unavailable'],
  },
  {
    ...{ id: 'listErasures', method: 'get', path: '/sites/{site}/erasures' },
    ...{ tag: 'People', role: 'owner' },
    summary: 'Receipts of erasures, which name nobody.',
    answers: { 200: json('ErasureReceipts', a.ReceiptsSchema) },
    problems: [],
  },
  {
    ...{ id: 'readErasure', method: 'get', path: '/sites/{site}/erasures/{id}' },
    ...{ tag: 'People', role: 'owner' },
    summary: 'One receipt.',
    answers: { 200: json('ErasureReceipt', a.ReceiptSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'checkErasure', method: 'post', path: '/sites/{site}/erasures/check' },
    ...{ tag: 'People', role: 'owner' },
    summary: 'Whether and when somebody was erased.',
    body: { name: 'Whom', schema: WhomSchema },
    answers: { 200: json('ErasureReceipts', a.ReceiptsSchema) },
    problems: ['invalid', 'not_found', 'unavailable'],
  },
  {
    ...{ id: 'listImports', method: 'get', path: '/sites/{site}/people/imports' },
    ...{ tag: 'People', role: 'marketer' },
    summary: 'Imports of what the business knows.',
    answers: { 200: json('Imports', a.ImportsSchema) },
    problems: ['not_found'],
  },
  {
    ...{ id: 'importPeople', method: 'post', path: '/sites/{site}/people/import' },
    ...{ tag: 'People', role: 'editor' },
    summary: 'Takes a file as it arrives; answers with a line for each batch that is durable.',
    query: [
      { name: 'source', about: 'Where the rows come from, such as `crm`.' },
      { name: 'kind', about: '`attributes`, which is what it is unless given, or `links`.' },
    ],
    media: ['text/csv', 'application/x-ndjson'],
    answers: { 200: { kind: 'text', media: 'application/x-ndjson' } },
    problems: ['bad_encoding', 'invalid', 'not_found', 'unsupported_media'],
  },
]

/** All that the API can be asked, in the order in which the reference tells it. */
export const OPERATIONS: readonly Operation[] = [
  ...[...SITES, ...MAKING, ...THING_OPERATIONS],
  ...[...PUBLISHING, ...FIGURES, ...EVENTS, ...PEOPLE, ...SIGNED_IN],
]
