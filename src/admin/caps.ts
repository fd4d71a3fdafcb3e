import type { QuotaUse } from '../model/cap.ts'
import { quotaOf } from '../model/cap.ts'
import type { Configuration } from '../model/configuration.ts'

/** How the places of a campaign's group or of an offer's stock stand, and whose they are. */
export interface CapUse extends QuotaUse {
  readonly kind: 'group' | 'stock'
  /** Id and name of the experience or variant. */
  readonly id: string
  readonly name: string
  /** Page views of one person, where they are capped as well. */
  readonly perPerson?: { readonly times: number; readonly hours: number }
}

/** How every quota of a site's draft stands; of one that nobody asked for yet, all places are free. */
export async function readCaps(
  env: Env,
  { site, experiences, variants }: Configuration,
): Promise<CapUse[]> {
  const groups = experiences.flatMap(({ id, name, cap }) =>
    cap?.people === undefined
      ? []
      : [
          {
            ...{ kind: 'group' as const, id, name, most: cap.people },
            ...(cap.perPerson && { perPerson: cap.perPerson }),
          },
        ],
  )
  const stocks = variants.flatMap(({ id, name, offer }) =>
    offer?.stock === undefined ? [] : [{ kind: 'stock' as const, id, name, most: offer.stock }],
  )
  return Promise.all(
    [...groups, ...stocks].map(async (one) => {
      const quota = quotaOf(one.kind, one.id)
      const use = await env.QUOTAS.getByName(`${site.id}/${quota}`).use()
      const { taken, leased, lost } = use
      return {
        ...one,
        quota,
        taken,
        leased,
        lost,
        free: Math.max(0, one.most - taken - leased - lost),
      }
    }),
  )
}
