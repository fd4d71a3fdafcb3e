import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Site } from '../../model/site.ts'
import type { Role } from '../api.ts'
import { type Answer, call, sitePath } from '../call.ts'
import { shelf } from '../editing/browser-shelf.ts'
import { Conflict } from '../editing/conflict.tsx'
import { refreshDraft } from '../editing/draft.ts'
import { createEditor, isDirty, mistakesOf } from '../editing/editor.ts'
import { Refused, Resumed, SaveBar } from '../editing/save-bar.tsx'
import type { Thing } from '../editing/things.ts'
import { FormContext } from '../form/context.ts'
import { Fields } from '../form/fields.tsx'
import type { FieldSpec } from '../form/spec.ts'
import { announce } from '../frame/announcer.tsx'
import { Heading } from '../frame/heading.tsx'
import { LoadingState } from '../frame/loading-state.tsx'
import { Notice } from '../frame/notice.tsx'
import { useLoaded } from '../loading.ts'
import { loseSession, mayEdit } from '../session.ts'
import { NotifyCard } from './notify-card.tsx'

const PLAIN: readonly FieldSpec<keyof Site>[] = [
  { kind: 'text', name: 'name', label: 'Name', max: 120 },
  {
    ...{ kind: 'text', name: 'timezone', label: 'Time zone', max: 60 },
    hint: 'Such as Europe/Stockholm; for schedules and for visitors whose zone is unknown.',
  },
  {
    ...{ kind: 'choice', name: 'beacon', label: 'Pages that carry the beacon' },
    options: [
      { value: 'needed', label: 'Those with a slot or a page goal' },
      { value: 'everywhere', label: 'Every page' },
    ],
  },
]

/** What only owners change: it says whose pages these are, and who is measured. */
const OWNED: readonly FieldSpec<keyof Site>[] = [
  { kind: 'lines', name: 'hosts', label: 'Hosts', hint: 'One a line, in lower case.' },
  { kind: 'text', name: 'origin', label: 'Origin', hint: 'https://origin.example.com', code: true },
  {
    ...{ kind: 'number', name: 'holdout', label: 'Holdout', min: 0, max: 0.5 },
    hint: 'Share of visitors, 0 to 0.5, who always get the site’s own pages.',
  },
  {
    ...{ kind: 'flag', name: 'approval', label: 'Somebody else approves what is published' },
    hint: 'A draft goes live once a person without a part in it has approved it.',
  },
]

interface Props {
  readonly site: string
  readonly role: Role
}

const readSite = (site: string): Answer<Thing<Site>> => call('GET', sitePath(site))

/** What holds for the whole site. */
export function SettingsScreen({ site, role }: Props): JSX.Element {
  const loaded = useLoaded(`site ${site}`, () => readSite(site))
  return (
    <>
      <Heading>Site settings</Heading>
      <LoadingState loaded={loaded} what="settings" />
      {loaded.value && <Settings site={site} base={loaded.value} role={role} />}
    </>
  )
}

interface SettingsProps extends Props {
  readonly base: Thing<Site>
}

function Settings({ site, base, role }: SettingsProps): JSX.Element {
  const editor = useMemo(
    () =>
      createEditor<Site>(base, base.doc, {
        name: `${site}/site`,
        shelf,
        now: Date.now,
        async save(doc, version) {
          const answer = await call<Thing<Site>>('PUT', sitePath(site), doc, {
            'if-match': `"${version}"`,
          })
          if (!answer.ok && answer.error.reason === 'signed-out') loseSession()
          return answer
        },
      }),
    [site, base],
  )
  const state = editor.state.value
  const locked = !mayEdit(role)
  const save = async () => {
    if (!(await editor.save())) return
    announce('Saved.')
    void refreshDraft(site)
  }
  const form = {
    ...{ site, draft: null, mistakes: mistakesOf(state) },
    makeNew: () => Promise.resolve(null),
  }
  if (state.theirs) return <Conflict editor={editor} theirs={state.theirs} one="site" />
  return (
    <>
      <Resumed editor={editor} />
      <Refused state={state} />
      <div class="thing-form" key={state.revision}>
        <FormContext.Provider value={{ ...form, locked }}>
          <section class="card form" aria-label="Settings">
            <Fields fields={PLAIN} value={state.doc} onChange={editor.change} />
          </section>
        </FormContext.Provider>
        <FormContext.Provider value={{ ...form, locked: role !== 'owner' }}>
          <section class="card form" aria-labelledby="owned-title">
            <h2 id="owned-title">Hosts and measuring</h2>
            {role !== 'owner' && <Notice tone="calm">Only owners change these.</Notice>}
            <Fields fields={OWNED} value={state.doc} onChange={editor.change} />
          </section>
          <NotifyCard
            site={site}
            notify={state.doc.notify}
            kept={state.base?.doc.notify}
            mayAsk={role === 'owner'}
            onChange={(notify) => editor.change({ ...state.doc, notify })}
          />
        </FormContext.Provider>
      </div>
      {!locked && <SaveBar editor={editor} dirty={isDirty(state, base.doc)} onSave={save} />}
    </>
  )
}
