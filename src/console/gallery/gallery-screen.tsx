import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { Role } from '../api.ts'
import type { Refusal } from '../call.ts'
import { refreshDraft, useDraft } from '../editing/draft.ts'
import { saveThing } from '../editing/things.ts'
import { announce } from '../frame/announcer.tsx'
import { Heading } from '../frame/heading.tsx'
import { LoadingState } from '../frame/loading-state.tsx'
import { Notice } from '../frame/notice.tsx'
import { FragmentFrame } from '../library/fragment-frame.tsx'
import { useLoaded } from '../loading.ts'
import { toHash } from '../route.ts'
import { mayEdit } from '../session.ts'
import { type GalleryModule, readGallery } from './api.ts'
import { RecipeCard } from './recipe-card.tsx'

interface Props {
  readonly site: string
  readonly role: Role
}

/** Modules and whole recipes to begin from. */
export function GalleryScreen({ site, role }: Props): JSX.Element {
  const gallery = useLoaded('gallery', readGallery)
  const { value: draft } = useDraft(site)
  return (
    <>
      <Heading>Gallery & recipes</Heading>
      <LoadingState loaded={gallery} what="gallery" />
      {gallery.value && (
        <>
          <section class="shelf" aria-labelledby="recipes-title">
            <h2 id="recipes-title">Recipes</h2>
            <p class="hint">
              Each fills in audience, goal, variants and experience as drafts. Nothing is published.
            </p>
            <ul class="tiles">
              {gallery.value.recipes.map((recipe) => (
                <li key={recipe.id} class="card tile">
                  <RecipeCard site={site} role={role} draft={draft} recipe={recipe} />
                </li>
              ))}
            </ul>
          </section>
          <section class="shelf" aria-labelledby="modules-title">
            <h2 id="modules-title">Modules</h2>
            <p class="hint">Copied to this site’s modules, where they can be changed.</p>
            <ul class="tiles">
              {gallery.value.modules.map((entry) => (
                <li key={entry.id} class="card tile">
                  <ModuleCard
                    site={site}
                    role={role}
                    entry={entry}
                    taken={draft?.modules.some(({ id }) => id === entry.module.id) ?? false}
                  />
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </>
  )
}

interface CardProps {
  readonly site: string
  readonly role: Role
  readonly entry: GalleryModule
  /** The site has a module of this id. */
  readonly taken: boolean
}

function ModuleCard({ site, role, entry, taken }: CardProps): JSX.Element {
  const { name, about, module, content } = entry
  const refusal = useSignal<Refusal | null>(null)
  const take = async () => {
    const answer = await saveThing(site, 'modules', module, null)
    refusal.value = answer.ok ? null : answer.error
    if (!answer.ok) return
    announce(`${name} is now one of the site’s modules.`)
    await refreshDraft(site)
    location.hash = toHash({ screen: 'thing', site, kind: 'modules', id: module.id })
  }
  return (
    <>
      <FragmentFrame
        site={site}
        module={module}
        content={content}
        title={`${name}, as an example`}
      />
      <h3>{name}</h3>
      <p class="hint">{about}</p>
      {refusal.value && (
        <Notice tone="error" alert>
          {refusal.value.detail}
        </Notice>
      )}
      <p class="card-foot">
        {taken && (
          <a
            class="button"
            href={toHash({ screen: 'thing', site, kind: 'modules', id: module.id })}
          >
            Open<span class="unseen"> {name}</span>
          </a>
        )}
        {!taken && mayEdit(role) && (
          <button type="button" onClick={() => void take()}>
            Use<span class="unseen"> {name}</span>
          </button>
        )}
      </p>
    </>
  )
}
