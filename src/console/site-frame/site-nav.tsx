import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { narrow } from '../frame/narrow.ts'
import { KIND_WORDS } from '../kinds.ts'
import { type Route, type Tool, toHash, toScreenKey } from '../route.ts'

interface Entry {
  readonly label: string
  readonly route: Route
}

interface Props {
  readonly site: string
  readonly current: Route
}

/** The ways through a site; on a phone behind one button. */
export function SiteNav({ site, current }: Props): JSX.Element {
  const menu = useRef<HTMLDetailsElement>(null)
  const here = toScreenKey(current)
  // On a phone an open menu would cover the screen that it led to.
  useEffect(() => {
    if (menu.current) menu.current.open = !narrow.value
  }, [here, narrow.value])
  const groups = toGroups(site)
  const label = groups.flatMap(({ entries }) => entries).find(({ route }) => isHere(route, current))
  return (
    <details class="site-nav" ref={menu}>
      <summary>{label?.label ?? 'Menu'}</summary>
      <nav aria-label="This site">
        {groups.map(({ title, entries }) => (
          <div key={title}>
            <h2 class="nav-title">{title}</h2>
            <ul>
              {entries.map(({ label, route }) => (
                <li key={label}>
                  <a
                    href={toHash(route)}
                    aria-current={isHere(route, current) ? 'page' : undefined}
                  >
                    {label}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
    </details>
  )
}

/** The thing one edits belongs to the list of its kind. */
function isHere(entry: Route, current: Route): boolean {
  if (entry.screen === 'things' && current.screen === 'thing') return entry.kind === current.kind
  return toScreenKey(entry) === toScreenKey(current)
}

const TOOL_WORDS: Readonly<Record<Tool, string>> = {
  gallery: 'Gallery & recipes',
  preview: 'Preview',
  publish: 'Publish',
  history: 'History',
  settings: 'Site settings',
  log: 'Log',
}

function toGroups(
  site: string,
): readonly { readonly title: string; readonly entries: readonly Entry[] }[] {
  const things = (kind: keyof typeof KIND_WORDS): Entry => ({
    label: KIND_WORDS[kind].many,
    route: { screen: 'things', site, kind },
  })
  const tool = (name: Tool): Entry => ({
    label: TOOL_WORDS[name],
    route: { screen: 'tool', site, tool: name },
  })
  const figures: Entry = { label: 'Figures', route: { screen: 'site', site } }
  return [
    { title: 'Results', entries: [figures] },
    {
      title: 'Make',
      entries: [tool('gallery'), things('experiences'), things('variants'), things('modules')],
    },
    { title: 'For whom, where', entries: [things('audiences'), things('slots'), things('goals')] },
    { title: 'Go live', entries: [tool('preview'), tool('publish'), tool('history')] },
    {
      title: 'Rules & data',
      entries: [things('policies'), things('attributes'), things('counters')],
    },
    {
      title: 'Site',
      entries: [tool('settings'), tool('log')],
    },
  ]
}
