import type * as z from 'zod'
import type { ConfigurationSchema } from '../../../src/model/configuration.ts'
import { MARKS, PICKS } from '../fills.ts'
import { SLOTS } from '../page.ts'
import { HOST } from './contestant.ts'

type Draft = z.input<typeof ConfigurationSchema>

const text = { kind: 'text' } as const
const url = { kind: 'url' } as const
const image = { kind: 'image' } as const

const MODULES: Draft['modules'] = [
  {
    id: 'offer',
    template:
      '<p class="offer">{{text}} <a href="{{href}}">{{label}}</a> {{#visitor.returning}}<b>Welcome back</b>{{/visitor.returning}}</p>',
    fields: { text, href: url, label: text },
  },
  {
    id: 'banner',
    template:
      '<div class="hero__inner"><h1>{{title}}</h1><p>{{text}}</p><img src="{{image}}" width="1200" height="600" alt="{{alt}}"><a class="button" href="{{href}}">{{label}}</a></div>',
    fields: { title: text, text, image, alt: text, href: url, label: text },
  },
  {
    id: 'list',
    template:
      '<div class="picks"><h2>{{title}}</h2><ul>{{#items}}<li class="pick"><a href="{{href}}"><img src="{{image}}" width="320" height="400" alt="{{name}}"><span>{{name}}</span></a><p>In stock, with you in two days</p></li>{{/items}}</ul></div>',
    fields: { title: text, items: { kind: 'list', fields: { name: text, href: url, image } } },
  },
]

const banner = (id: string, label: string) => ({
  id,
  module: 'banner',
  content: {
    title: MARKS.hero,
    text: 'Three layers, taped seams, mended for life in our own workshop.',
    image: '/i/storm.jpg',
    alt: 'Walker in rain',
    href: '/c/jackets',
    label,
  },
})

const list = (id: string, items: typeof PICKS) => ({
  id,
  module: 'list',
  content: { title: MARKS.picks, items },
})

const VARIANTS: Draft['variants'] = [
  {
    id: 'members',
    module: 'offer',
    content: { text: MARKS.promo, href: '/members', label: 'Join now' },
  },
  banner('shells', 'See the shells'),
  banner('dry', 'Stay dry'),
  banner('workshop', 'See the workshop'),
  list('picks-first', PICKS),
  list('picks-last', PICKS.toReversed()),
]

/** A rule that reads the profile, a bandit over three arms and a split of two: one for each slot. */
const EXPERIENCES: Draft['experiences'] = [
  { id: 'promo-rule', slot: 'promo', audience: 'browsing', variants: [{ variant: 'members' }] },
  {
    id: 'hero-bandit',
    slot: 'hero',
    variants: [{ variant: 'shells' }, { variant: 'dry' }, { variant: 'workshop' }],
    allocation: { kind: 'bandit' },
    goal: 'click',
  },
  {
    id: 'picks-split',
    slot: 'picks',
    audience: 'returning',
    variants: [{ variant: 'picks-first' }, { variant: 'picks-last', weight: 2 }],
    goal: 'click',
  },
]

/** The shop as its editors would configure it; every slot is filled for a visitor who has been here before. */
export function shopConfiguration(origin: string): Draft {
  return {
    site: {
      id: 'shop',
      name: 'Shop',
      hosts: [HOST],
      origin,
      holdout: 0,
      consent: { default: 2 },
    },
    slots: SLOTS.map((id) => ({ id, selector: `#${id}`, pages: ['/', '/kept'] })),
    modules: MODULES,
    variants: VARIANTS,
    audiences: [
      { id: 'returning', condition: { 'visitor.returning': true } },
      {
        id: 'browsing',
        condition: { 'signals.device': 'desktop', 'profile.pages': { $not: { $gt: 1000 } } },
      },
    ],
    goals: [{ id: 'click', kind: 'click' }],
    experiences: EXPERIENCES,
  }
}
