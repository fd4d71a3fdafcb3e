import type { JSX } from 'preact'
import { Heading } from '../frame/heading.tsx'

/** An address that leads nowhere. */
export function Unknown({ path }: { readonly path: string }): JSX.Element {
  return (
    <>
      <Heading>No such page</Heading>
      <p>
        There is nothing at <code>{path}</code>. <a href="#/">See the sites</a>
      </p>
    </>
  )
}
