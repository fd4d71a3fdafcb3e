import type * as z from 'zod'
import { type Configuration, ConfigurationSchema } from '../../src/model/configuration.ts'

type Draft = z.input<typeof ConfigurationSchema>

/** A small configuration with one thing of every kind, which `changes` make into what a test needs. */
export function configurationOf(changes: Partial<Draft> = {}): Configuration {
  return ConfigurationSchema.parse({ ...structuredClone(DRAFT), ...structuredClone(changes) })
}

/** The site of `configurationOf` under another name and on another host. */
export function siteOf(id: string, changes: Partial<Draft['site']> = {}): Draft['site'] {
  return { ...structuredClone(DRAFT.site), id, hosts: [`${id}.test`], ...changes }
}

/** A copy of a document with another value at a JSON pointer; `undefined` takes the value out. */
export function withValue<T extends object>(document: T, pointer: string, value: unknown): T {
  const copy = structuredClone(document)
  const names = pointer.split('/').slice(1)
  const last = names.pop() ?? ''
  const parent = names.reduce<unknown>((node, name) => childOf(node, name), copy)
  if (!isObject(parent)) throw new Error(`Nothing stands at ${pointer}.`)
  if (value === undefined) Reflect.deleteProperty(parent, last)
  else Reflect.set(parent, last, value)
  return copy
}

function childOf(node: unknown, name: string): unknown {
  return isObject(node) ? Reflect.get(node, name) : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

const DRAFT: Draft = {
  site: {
    id: 'shop',
    name: 'Shop',
    hosts: ['shop.test'],
    origin: 'https://origin.example',
    timezone: 'Europe/Rome',
    holdout: 0,
    consent: { default: 1, cookie: { name: 'consent', tiers: { none: 0, some: 1, all: 2 } } },
  },
  slots: [
    { id: 'hero', selector: '#hero', pages: ['/', '/products/:id'] },
    { id: 'offers', selector: 'main > .offers', pages: ['/'], operation: 'append' },
    {
      id: 'more',
      selector: 'a.more',
      pages: ['/*'],
      operation: 'set-attribute',
      attribute: 'href',
    },
  ],
  modules: [
    {
      id: 'banner',
      template:
        '<section class="banner"><h1>{{title}} {{signals.city}}</h1><a href="{{link}}">Look</a>{{#image}}<img src="{{image}}" alt="">{{/image}}<ul>{{#points}}<li>{{text}}</li>{{/points}}</ul></section>',
      fields: {
        title: { kind: 'text', max: 40 },
        link: { kind: 'url' },
        image: { kind: 'image', required: false },
        points: {
          kind: 'list',
          max: 3,
          required: false,
          fields: { text: { kind: 'text' }, weight: { kind: 'number', required: false } },
        },
      },
    },
    { id: 'offer', template: '<li>{{text}}</li>', fields: { text: { kind: 'text' } } },
    { id: 'target', template: '{{href}}', fields: { href: { kind: 'url' } } },
  ],
  variants: [
    { id: 'calm', module: 'banner', content: { title: 'Calm', link: '/calm' } },
    { id: 'loud', module: 'banner', content: { title: 'Loud', link: 'https://loud.example/' } },
    { id: 'tent', module: 'offer', content: { text: 'Tent' }, offer: { value: 3 } },
    {
      id: 'boots',
      module: 'offer',
      content: { text: 'Boots' },
      offer: { value: 1, eligible: 'returning' },
    },
    { id: 'sale', module: 'target', content: { href: '/sale' } },
  ],
  attributes: [
    { id: 'optIns', type: 'list', maxAge: 30 },
    { id: 'birthDate', type: 'date' },
  ],
  audiences: [
    { id: 'returning', condition: { 'visitor.returning': true } },
    { id: 'hikers', condition: { 'profile.interests.boots': { $gte: 2 } } },
  ],
  goals: [
    { id: 'click', kind: 'click' },
    {
      id: 'order',
      kind: 'event',
      event: 'Order Completed',
      condition: { revenue: { $gt: 0 } },
      value: 'revenue',
    },
    { id: 'thanks', kind: 'page', pages: ['/thanks'] },
  ],
  experiences: [
    {
      id: 'hero-bandit',
      slot: 'hero',
      variants: [{ variant: 'calm' }, { variant: 'loud' }],
      allocation: { kind: 'bandit' },
      goal: 'order',
    },
    {
      id: 'offer-list',
      slot: 'offers',
      variants: [{ variant: 'tent' }, { variant: 'boots' }],
      allocation: { kind: 'ranked', show: 2 },
      goal: 'click',
    },
    { id: 'more-rule', slot: 'more', audience: 'hikers', variants: [{ variant: 'sale' }] },
  ],
}
