import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { siteAddress } from '../sites.ts'
import { useForm } from './context.ts'
import { Labelled } from './labelled.tsx'
import type { FieldProps, FieldSpec } from './spec.ts'

type Outcome =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly width: number; readonly height: number }
  | { readonly kind: 'failed' }

/** A picture by its address, which is loaded to see that it is one. */
export function ImageField(props: FieldProps<Extract<FieldSpec, { kind: 'image' }>>): JSX.Element {
  const { spec, value, pointer, onChange } = props
  const { label, optional } = spec
  const { site } = useForm()
  const address = typeof value === 'string' ? value : ''
  return (
    <Labelled label={label} hint={spec.hint ?? HINT} optional={optional} pointer={pointer}>
      {(control) => (
        <div class="image-field">
          <input
            {...control}
            type="text"
            inputMode="url"
            spellcheck={false}
            autocomplete="off"
            value={address}
            onInput={({ currentTarget }) =>
              onChange(currentTarget.value === '' && optional ? undefined : currentTarget.value)
            }
          />
          {address !== '' && <Picture key={address} src={toAbsolute(address, site)} />}
        </div>
      )}
    </Labelled>
  )
}

const HINT = 'https://…, or a path of the site such as /images/summer.jpg'

/** A relative address is the site's own, which need not be the console's host. */
export function toAbsolute(address: string, site: string): string {
  const base = siteAddress(site)
  return base !== null && URL.canParse(address, base) ? new URL(address, base).href : address
}

function Picture({ src }: { readonly src: string }): JSX.Element {
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'loading' })
  return (
    <div class="picture">
      <img
        src={src}
        alt=""
        referrerpolicy="no-referrer"
        hidden={outcome.kind === 'failed'}
        onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
          setOutcome({ kind: 'loaded', width, height })
        }
        onError={() => setOutcome({ kind: 'failed' })}
      />
      <p class={outcome.kind === 'failed' ? 'mistake' : 'hint'} role="status">
        {WORDS[outcome.kind]}
        {outcome.kind === 'loaded' && `, ${outcome.width} × ${outcome.height} pixels`}
      </p>
    </div>
  )
}

const WORDS: Readonly<Record<Outcome['kind'], string>> = {
  loading: 'Loading the picture…',
  loaded: 'The picture loads',
  failed: 'No picture loads from this address: check it, or whether it is public.',
}
