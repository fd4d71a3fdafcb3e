import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { Site } from '../../model/site.ts'
import { type Answer, API, call, sitePath } from '../call.ts'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import { announce } from '../frame/announcer.tsx'
import { Notice } from '../frame/notice.tsx'
import { useLoaded } from '../loading.ts'
import { format } from '../reader.ts'
import { loseSession } from '../session.ts'

type Notify = NonNullable<Site['notify']>

const FIELDS: readonly FieldSpec<keyof Notify>[] = [
  {
    ...{ kind: 'url', name: 'url', label: 'Address', optional: true },
    hint: 'A public https address that takes webhooks: a chat, a mailer, your own. Empty: nobody is told.',
  },
  { kind: 'flag', name: 'weekly', label: 'The report of each week, Mondays at 7' },
]

interface Props {
  readonly site: string
  readonly notify: Notify | undefined
  /** What is kept of it: what is being written is not sent to yet. */
  readonly kept: Notify | undefined
  readonly mayAsk: boolean
  readonly onChange: (notify: Notify | undefined) => void
}

/** Where what needs somebody is told, and whether it arrives. */
export function NotifyCard({ site, notify, kept, mayAsk, onChange }: Props): JSX.Element {
  return (
    <section class="card form" aria-labelledby="notify-title">
      <h2 id="notify-title">News and reports</h2>
      <p class="hint">
        What needs somebody is told as it comes up.{' '}
        <a href={`${API}${sitePath(site, 'overview.html')}`} target="_blank" rel="noreferrer">
          See this week’s report
        </a>
      </p>
      <Fields
        fields={FIELDS}
        value={notify ?? { url: '', weekly: true }}
        pointer="/notify"
        onChange={(next) => onChange(next.url ? next : undefined)}
      />
      {kept && mayAsk && <Deliveries site={site} url={kept.url} />}
    </section>
  )
}

interface Delivered {
  readonly ok: boolean
  readonly detail: string
}

interface State {
  readonly secret: string
  readonly waiting: number
  readonly last: (Delivered & { readonly at: number }) | null
}

const readState = (site: string): Answer<State> => call('GET', sitePath(site, 'notifications'))

/** How what is sent is signed, what became of the newest, and a button to try it. */
function Deliveries({ site, url }: { readonly site: string; readonly url: string }): JSX.Element {
  const loaded = useLoaded(`notifications ${site} ${url}`, () => readState(site))
  const sent = useSignal<Delivered | null>(null)
  const send = async () => {
    const answer = await call<Delivered>('POST', sitePath(site, 'notifications'))
    if (!answer.ok && answer.error.reason === 'signed-out') loseSession()
    sent.value = answer.ok ? answer.value : { ok: false, detail: answer.error.detail }
    if (sent.value.ok) announce('The report is sent.')
    await loaded.reload()
  }
  const copy = async () => {
    await navigator.clipboard.writeText(loaded.value?.secret ?? '')
    announce('The secret is copied.')
  }
  return (
    <>
      <div class="picker-bar">
        <button type="button" onClick={() => void send()}>
          Send the report now
        </button>
        {loaded.value && (
          <button type="button" onClick={() => void copy()}>
            Copy the signing secret
          </button>
        )}
        <span class="hint">{loaded.value && stateWords(loaded.value)}</span>
      </div>
      {sent.value && (
        <Notice tone={sent.value.ok ? 'calm' : 'error'} alert>
          {sent.value.detail}
        </Notice>
      )}
    </>
  )
}

function stateWords({ waiting, last }: State): string {
  if (!last) return 'Nothing was sent yet.'
  const newest = `${last.ok ? 'Taken' : 'Not taken'} ${format.moment(last.at)}.`
  return waiting === 0 ? newest : `${newest} ${format.count(waiting)} waiting to be sent again.`
}
