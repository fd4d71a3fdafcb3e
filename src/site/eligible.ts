/** Why a request passes as it is, without a look at what the site would show. */
export type Ineligible = 'method' | 'upgrade' | 'not_a_document'

/**
 * Only documents are personalised: GET (and HEAD, whose headers must match) that a browser navigates
 * to. Browsers say so in `Sec-Fetch-Dest`; other clients are taken by what they accept.
 */
export function isEligible(request: Request): true | Ineligible {
  if (request.method !== 'GET' && request.method !== 'HEAD') return 'method'
  if (request.headers.has('upgrade')) return 'upgrade'
  const destination = request.headers.get('sec-fetch-dest')
  if (destination !== null) return DOCUMENTS.has(destination) ? true : 'not_a_document'
  const accept = request.headers.get('accept') ?? '*/*'
  return /text\/html|\*\/\*/.test(accept) ? true : 'not_a_document'
}

const DOCUMENTS: ReadonlySet<string> = new Set(['document', 'iframe', 'frame'])
