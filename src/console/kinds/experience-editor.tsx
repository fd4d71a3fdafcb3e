import type { JSX } from 'preact'
import { sentenceOf } from '../../model/condition-sentence.ts'
import type { Allocation, Experience } from '../../model/experience.ts'
import { experienceSentence } from '../experiences/experience-sentence.ts'
import { toNames } from '../experiences/names.ts'
import { Step } from '../experiences/step.tsx'
import { VariantRows } from '../experiences/variant-rows.tsx'
import { useForm } from '../form/context.ts'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import type { KindEditorProps } from './editor-props.ts'

export const blankExperience: Experience = {
  id: '',
  name: '',
  slot: '',
  variants: [],
  allocation: { kind: 'split' },
  window: 24,
  attribution: 'last',
  sticky: false,
  priority: 0,
  paused: false,
}

type Name = keyof Experience

const SLOT: FieldSpec<Name> = { kind: 'reference', of: 'slots', name: 'slot', label: 'Slot' }

const AUDIENCE: FieldSpec<Name> = {
  ...{ kind: 'reference', of: 'audiences', name: 'audience', label: 'Audience', optional: true },
}

const GOAL: readonly FieldSpec<Name>[] = [
  { kind: 'reference', of: 'goals', name: 'goal', label: 'Goal', optional: true },
  {
    ...{ kind: 'number', name: 'window', label: 'Counts within (hours)', min: 0, max: 2160 },
    hint: 'After a variant was shown.',
  },
  {
    ...{ kind: 'choice', name: 'attribution', label: 'Who takes the reward' },
    options: [
      { value: 'last', label: 'The variant shown last' },
      { value: 'all', label: 'Every variant shown in that time' },
    ],
  },
  {
    ...{ kind: 'list', name: 'watched', label: 'Also count', one: 'goal', max: 5, optional: true },
    hint: 'Nothing is learned from these. As a guardrail, one that takes harm is reported.',
    blank: { goal: '' },
    fields: [
      { kind: 'reference', of: 'goals', name: 'goal', label: 'Goal' },
      {
        ...{ kind: 'choice', name: 'harm', label: 'Harm would be', optional: true },
        options: [
          { value: 'less', label: 'less of it' },
          { value: 'more', label: 'more of it' },
        ],
      },
    ],
  },
]

const WHEN: readonly FieldSpec<Name>[] = [
  { kind: 'moment', name: 'from', label: 'From', optional: true },
  { kind: 'moment', name: 'until', label: 'Until', optional: true },
  {
    ...{ kind: 'number', name: 'priority', label: 'Priority', min: -1000, max: 1000, whole: true },
    hint: 'Where several want one slot, the highest goes first.',
  },
  {
    ...{ kind: 'text', name: 'campaign', label: 'Campaign', optional: true, code: true },
    hint: 'For policies that keep campaigns apart.',
  },
]

const SWITCHES: readonly FieldSpec<Name>[] = [
  {
    ...{ kind: 'flag', name: 'sticky', label: 'Visitors keep their variant' },
    hint: 'Also when shares change; for those who allow an identifier.',
  },
  { kind: 'flag', name: 'paused', label: 'Paused' },
]

const CAP: FieldSpec<Name> = {
  ...{ kind: 'group', name: 'cap', label: 'How often', optional: true },
  fields: [
    { kind: 'number', name: 'people', label: 'People in all', min: 1, whole: true, optional: true },
    {
      ...{ kind: 'group', name: 'perPerson', label: 'For one person', optional: true },
      fields: [
        { kind: 'number', name: 'times', label: 'Times', min: 1, max: 1000, whole: true },
        { kind: 'number', name: 'hours', label: 'Within hours', min: 0, max: 2160 },
      ],
    },
  ],
}

/** Who gets what, where, how it is shared out, what for and when: a step each, told in a sentence. */
export function ExperienceEditor(props: KindEditorProps<'experiences'>): JSX.Element {
  const { doc, onChange } = props
  const { draft } = useForm()
  const audience = draft?.audiences.find(({ id }) => id === doc.audience)
  return (
    <>
      <p class="card lede sentence" role="status">
        {experienceSentence(doc, toNames(draft))}
      </p>
      <Step number={1} title="Where it stands">
        <Fields fields={[SLOT]} value={doc} onChange={onChange} />
      </Step>
      <Step number={2} title="Who gets it">
        <Fields fields={[AUDIENCE]} value={doc} onChange={onChange} />
        <p class="hint">{audience ? sentenceOf(audience.condition) : 'Everybody.'}</p>
      </Step>
      <Step number={3} title="What they get">
        <VariantRows doc={doc} onChange={onChange} />
      </Step>
      <Step number={4} title="How it is shared out">
        <AllocationFields doc={doc} onChange={onChange} />
      </Step>
      <Step number={5} title="What for">
        <Fields fields={GOAL} value={doc} onChange={onChange} />
      </Step>
      <Step number={6} title="When and how often">
        <div class="columns">
          <Fields fields={WHEN} value={doc} onChange={onChange} />
        </div>
        <Fields fields={[CAP, ...SWITCHES]} value={doc} onChange={onChange} />
      </Step>
    </>
  )
}

const ALLOCATIONS: Readonly<Record<Allocation['kind'], { title: string; about: string }>> = {
  split: {
    title: 'Fixed shares',
    about: 'One variant for all, or an A/B test by the weights above.',
  },
  bandit: {
    title: 'Learning',
    about: 'Better variants are shown more often, as soon as that shows. Needs a goal.',
  },
  ranked: { title: 'Ranked list', about: 'Several offers, better ones first. Needs a goal.' },
}

const SHOW: FieldSpec = {
  ...{ kind: 'number', name: 'show', label: 'Offers in the list', min: 1, max: 50, whole: true },
}

const LEARNING: readonly FieldSpec[] = [
  {
    ...{ kind: 'choice', name: 'aim', label: 'Learns to get' },
    options: [
      { value: 'rewards', label: 'as many rewards as possible' },
      { value: 'value', label: 'as much worth as possible' },
    ],
  },
  {
    ...{ kind: 'choice', name: 'rung', label: 'A trial is a variant that was' },
    options: [
      { value: 'delivered', label: 'delivered' },
      { value: 'survived', label: 'still there once the page was built' },
      { value: 'seen', label: 'seen for a second' },
    ],
  },
  { kind: 'flag', name: 'measured', label: 'A lift is to be read off' },
]

function AllocationFields({
  doc,
  onChange,
}: Omit<KindEditorProps<'experiences'>, 'site'>): JSX.Element {
  const { locked } = useForm()
  const { allocation } = doc
  const change = (next: Allocation) => onChange({ ...doc, allocation: next })
  return (
    <>
      <fieldset class="choices cards-of-choice">
        <legend class="unseen">How it is shared out</legend>
        {Object.entries(ALLOCATIONS).map(([kind, { title, about }]) => (
          <label key={kind}>
            <input
              type="radio"
              name="allocation"
              disabled={locked}
              checked={allocation.kind === kind}
              onChange={() => change(toAllocation(kind, allocation))}
            />
            <span>
              <b>{title}</b>
              <span class="hint">{about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {allocation.kind === 'ranked' && (
        <Fields fields={[SHOW]} value={allocation} pointer="/allocation" onChange={change} />
      )}
      {allocation.kind !== 'split' && (
        <Fields fields={LEARNING} value={allocation} pointer="/allocation" onChange={change} />
      )}
    </>
  )
}

const LEARNS = {
  measured: true,
  rung: 'delivered',
  aim: 'rewards',
  pace: 'auto',
  segments: [],
} satisfies Partial<Allocation>

/** Another way to share out: how it learns stays, where it goes on learning. */
function toAllocation(kind: string, before: Allocation): Allocation {
  const learning = before.kind === 'split' ? LEARNS : before
  if (kind === 'bandit') return { ...withoutShow(learning), kind }
  return kind === 'ranked' ? { show: 3, ...learning, kind } : { kind: 'split' }
}

function withoutShow<T extends object>(learning: T): Omit<T, 'show'> {
  const { show: _, ...rest } = { show: undefined, ...learning }
  return rest
}
