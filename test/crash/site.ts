/** Kinds of experiences that learn in ways of their own; goals by click, page and event. */
export function configurationOf(origin: string): unknown {
  return {
    site: {
      ...{ id: 'crash', name: 'crash', hosts: [HOST], origin, holdout: 0.1 },
      consent: { default: 0, cookie: { name: 'consent', tiers: { profile: 2 } } },
    },
    slots: [
      { id: 'list', selector: 'ul.offers', operation: 'inner', pages: ['/p/*'] },
      { id: 'tip', selector: '#tip', operation: 'replace', pages: ['/p/*'] },
      { id: 'top', selector: '#top', operation: 'prepend', pages: ['/p/*'] },
      { id: 'end', selector: '#end', operation: 'append', pages: ['/p/*'] },
    ],
    modules: [{ id: 'note', template: '<p>{{text}}</p>', fields: { text: { kind: 'text' } } }],
    variants: NAMES.map((id) => ({
      ...{ id, module: 'note', content: { text: id } },
      ...(id.startsWith('offer') && { offer: { value: 1 } }),
    })),
    audiences: [],
    goals: [
      { id: 'paid', kind: 'event', event: 'paid', value: 'worth' },
      { id: 'click', kind: 'click' },
      { id: 'thanks', kind: 'page', pages: ['/thanks'] },
    ],
    experiences: [
      {
        ...experience('list', NAMES.slice(0, 3), 'paid'),
        ...{ allocation: { kind: 'ranked', show: 2 }, attribution: 'all' },
      },
      { ...experience('tip', ['wax', 'air'], 'paid'), allocation: { kind: 'bandit' } },
      { ...experience('top', ['high', 'low'], 'click'), allocation: { kind: 'bandit' } },
      experience('end', ['last'], 'thanks'),
    ],
  }
}

export const HOST = 'crash.test'

const NAMES = ['offer-tent', 'offer-stove', 'offer-mat', 'wax', 'air', 'high', 'low', 'last']

const experience = (slot: string, names: readonly string[], goal: string) => ({
  ...{ id: slot, slot, goal },
  variants: names.map((variant) => ({ variant })),
})

/** Which events meet an experience's goal. */
export const GOAL_OF: Readonly<Record<string, 'paid' | 'clicked' | 'thanks'>> = {
  list: 'paid',
  tip: 'paid',
  top: 'clicked',
  end: 'thanks',
}
