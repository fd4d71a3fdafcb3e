export type Plan = 'new' | 'member' | 'gold'

/** Somebody who can sign in to the demo; there are no passwords. */
export interface Member {
  readonly id: string
  readonly givenName: string
  readonly plan: Plan
  readonly points: number
  readonly since: string
  readonly about: string
}

export const MEMBERS: readonly Member[] = [
  {
    id: 'maja',
    givenName: 'Maja',
    plan: 'new',
    points: 0,
    since: 'this week',
    about: 'Joined this week and has not bought anything yet.',
  },
  {
    id: 'elin',
    givenName: 'Elin',
    plan: 'member',
    points: 640,
    since: '2023',
    about: 'A member since 2023 who walks most weekends.',
  },
  {
    id: 'johan',
    givenName: 'Johan',
    plan: 'gold',
    points: 2180,
    since: '2014',
    about: 'Gold since 2019, and out in every kind of weather.',
  },
]

export const PLAN_NAMES: Readonly<Record<Plan, string>> = {
  new: 'New member',
  member: 'Member',
  gold: 'Gold',
}

export function findMember(id: unknown): Member | undefined {
  return MEMBERS.find((member) => member.id === id)
}
