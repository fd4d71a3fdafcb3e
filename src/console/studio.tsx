import type { FunctionComponent, JSX } from 'preact'
import type { Role } from './api.ts'
import { ThingScreen } from './editing/thing-screen.tsx'
import { ThingsScreen } from './editing/things-screen.tsx'
import { GalleryScreen } from './gallery/gallery-screen.tsx'
import { PreviewScreen } from './previews/preview-screen.tsx'
import { HistoryScreen } from './publishing/history-screen.tsx'
import { PublishScreen } from './publishing/publish-screen.tsx'
import type { StudioRoute, Tool } from './route.ts'
import { SettingsScreen } from './settings/settings-screen.tsx'
import { LogScreen } from './staffing/log-screen.tsx'

interface ScreenProps {
  readonly current: StudioRoute
  readonly role: Role
}

/** One of the screens that make and publish. */
export function Studio({ current, role }: ScreenProps): JSX.Element {
  switch (current.screen) {
    case 'things':
      return <ThingsScreen {...current} role={role} />
    case 'thing':
      return <ThingScreen {...current} role={role} />
    case 'tool': {
      const Tool = TOOLS[current.tool]
      return <Tool site={current.site} role={role} />
    }
  }
}

/** A site's screens that are neither its figures nor its things. */
const TOOLS: Readonly<Record<Tool, FunctionComponent<{ site: string; role: Role }>>> = {
  gallery: GalleryScreen,
  preview: PreviewScreen,
  publish: PublishScreen,
  history: HistoryScreen,
  settings: SettingsScreen,
  log: LogScreen,
}
