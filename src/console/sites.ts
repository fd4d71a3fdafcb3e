import { listSites, type SiteSummary, switchSite } from './api.ts'
import type { Refusal } from './call.ts'
import { createPoll } from './poll.ts'

/** The sites one may see, kept current while somebody is signed in. */
export const sites = createPoll(listSites)

/** One of the sites; null as long as it is not known. */
export function findSite(id: string): SiteSummary | null {
  return sites.state.value.value?.find((site) => site.id === id) ?? null
}

/** Is there anything to switch? Before the first publication visitors get the site's own pages. */
export function isSwitchable(site: SiteSummary): boolean {
  return site.off || site.bundle !== null
}

/** Throws a site's off switch; null when done, else why not. */
export async function setOff(id: string, off: boolean): Promise<Refusal | null> {
  const answer = await switchSite(id, off)
  if (!answer.ok) return answer.error
  const known = sites.state.value.value ?? []
  sites.put(known.map((site) => (site.id === id ? answer.value : site)))
  return null
}

/** Where a site's own pages are; null as long as the site is not known. */
export function siteAddress(id: string): string | null {
  const hosts = findSite(id)?.hosts
  if (hosts === undefined) return null
  // A host without a port is one of any port: on one machine, of the console's own.
  if (hosts.includes(location.hostname)) return location.origin
  return `${location.protocol}//${hosts[0]}`
}
