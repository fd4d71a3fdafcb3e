// Beside this file stands the client that is generated from the document; the two are compiled together.
import { Api, type Published } from './client.ts'

interface Instance {
  readonly url: string
  /** Two people: one makes, the other approves. */
  readonly tokens: { readonly maker: string; readonly reviewer: string }
  readonly fetch: typeof fetch
}

function clientFor({ url, fetch }: Instance, token: string) {
  const headers = { authorization: `Bearer ${token}` }
  return new Api({
    ...{ baseUrl: `${url}/_sv/api/v1`, customFetch: fetch },
    baseApiParams: { headers, secure: true },
  }).sites
}

/** What an editor does in the console: from a slot to what is published; `live` tells when it is seen. */
export async function walk(
  instance: Instance,
  live: (words: string) => Promise<void>,
): Promise<Published> {
  const site = 'demo'
  const maker = clientFor(instance, instance.tokens.maker)
  const reviewer = clientFor(instance, instance.tokens.reviewer)

  const { data: found } = await maker.findSelectors(site, { path: '/', selectors: ['#promises'] })
  if (found.matches?.['#promises'] !== 1) throw new Error('The slot is not on the page.')
  await maker.createSlot(site, {
    ...{ id: 'walked', selector: '#promises', pages: ['/'], operation: 'after' },
  })
  await maker.createModule(site, {
    ...{ id: 'walked', template: '<p class="walked">{{title}}</p>' },
    fields: { title: { kind: 'text' } },
  })
  await maker.createVariant(site, {
    ...{ id: 'walked', module: 'walked', content: { title: 'Walked by a client' } },
  })
  const condition = { 'visitor.returning': false }
  const { data: explained } = await maker.explainAudience(site, { condition, visitor: {} })
  if (!explained.matches) throw new Error('Nobody new would get it.')
  await maker.createAudience(site, { id: 'walked', condition })
  await maker.createExperience(site, {
    ...{ id: 'walked', slot: 'walked', audience: 'walked', variants: [{ variant: 'walked' }] },
  })

  // A second editor cannot overwrite the first.
  const { data: read } = await maker.readVariant(site, 'walked')
  const change = (title: string) =>
    maker.saveVariant(
      site,
      'walked',
      { ...read.doc, content: { title } },
      { headers: { 'If-Match': `"${read.version}"` } },
    )
  await change('Walked by a client, twice')
  const late = await change('Overwritten').catch((refused: Response) => refused)
  if (late.status !== 412) throw new Error(`The second editor was answered ${late.status}.`)

  const { data: report } = await maker.check(site)
  if (report.problems.length > 0) throw new Error(JSON.stringify(report.problems))
  const { data: link } = await maker.makePreview(site, { path: '/', visitor: {} })
  const preview = await (await fetch(link.url)).text()
  if (!preview.includes('Walked by a client, twice')) throw new Error('The preview has it not.')

  const { data: review } = await maker.askForReview(site, { note: 'Please' })
  await reviewer.approveReview(site, String(review.id), {})
  const { data: published } = await maker.publish(site, { note: 'By a generated client' })
  if (!('bundle' in published)) throw new Error('It was to be published at once.')
  await live('Walked by a client, twice')

  const { data: history } = await maker.listPublications(site)
  const before = history.items[1]
  if (!before) throw new Error('There is nothing to go back to.')
  await maker.restorePublication(site, String(before.seq), { note: 'Back' })
  return published
}
