import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import { SAMPLES, type Sample } from './sample.ts'

interface Props {
  readonly sample: Sample
  readonly onChange: (sample: Sample) => void
}

const FIELDS: readonly FieldSpec<keyof Sample>[] = [
  {
    ...{ kind: 'choice', name: 'device', label: 'Device', optional: true },
    options: ['phone', 'tablet', 'desktop'].map((value) => ({ value, label: value })),
  },
  { kind: 'text', name: 'country', label: 'Country', hint: 'SE, NO, …', max: 2, optional: true },
  { kind: 'text', name: 'city', label: 'City', max: 80, optional: true },
  { kind: 'text', name: 'language', label: 'Language', max: 35, optional: true },
  { kind: 'number', name: 'visits', label: 'Visits', min: 0, whole: true, optional: true },
  { kind: 'text', name: 'referrer', label: 'Came from the site', max: 253, optional: true },
  { kind: 'moment', name: 'at', label: 'At this time', optional: true },
  { kind: 'flag', name: 'returning', label: 'Has been here before' },
  { kind: 'flag', name: 'signedIn', label: 'Is signed in' },
  {
    ...{ kind: 'group', name: 'campaign', label: 'Campaign', optional: true },
    fields: [
      { kind: 'text', name: 'source', label: 'Source', max: 128 },
      { kind: 'text', name: 'medium', label: 'Medium', max: 128 },
      { kind: 'text', name: 'name', label: 'Name', max: 128 },
    ],
  },
]

/** Says through whose eyes to look. */
export function SampleFields({ sample, onChange }: Props): JSX.Element {
  const [start, setStart] = useState('new')
  return (
    <div class="sample">
      <div class="field">
        <label for="sample-start">Visitor</label>
        <select
          id="sample-start"
          value={start}
          onChange={({ currentTarget: { value } }) => {
            setStart(value)
            const begun = SAMPLES[value]
            if (begun) onChange(begun.sample)
          }}
        >
          {Object.entries(SAMPLES).map(([name, { label }]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <details>
        <summary>More about this visitor</summary>
        <div class="sample-fields" key={start}>
          <Fields
            fields={FIELDS}
            value={sample}
            onChange={(next) => onChange(withCampaign(next))}
          />
          <ProfileField sample={sample} onChange={onChange} />
        </div>
      </details>
    </div>
  )
}

/** A campaign has all three of its parts, or is none. */
function withCampaign(sample: Sample): Sample {
  const { campaign } = sample
  return campaign
    ? { ...sample, campaign: { ...{ source: '', medium: '', name: '' }, ...campaign } }
    : sample
}

/** What is known of the visitor, one path a line. */
function ProfileField({ sample, onChange }: Props): JSX.Element {
  const lines = Object.entries(sample.profile ?? {}).map(
    ([path, value]) => `${path} = ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return (
    <div class="field">
      <label for="sample-profile">What is known of them</label>
      <textarea
        id="sample-profile"
        class="code"
        rows={3}
        spellcheck={false}
        placeholder="profile.attributes.tier = gold"
        aria-describedby="sample-profile-about"
        defaultValue={lines.join('\n')}
        onInput={({ currentTarget }) =>
          onChange({ ...sample, profile: toProfile(currentTarget.value) })
        }
      />
      <p id="sample-profile-about" class="hint">
        One a line: profile.events.order_completed.in30d = 2
      </p>
    </div>
  )
}

/** Lines of `path = value`, where the value is JSON or else a text. */
export function toProfile(text: string): Readonly<Record<string, unknown>> {
  const pairs = text.split('\n').flatMap((line) => {
    const [, path, value] = /^\s*([\w.-]+)\s*=\s*(.+?)\s*$/.exec(line) ?? []
    return path === undefined || value === undefined ? [] : [[path, toValue(value)] as const]
  })
  return Object.fromEntries(pairs)
}

function toValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
