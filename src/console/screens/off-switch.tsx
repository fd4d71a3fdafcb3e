import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { SiteSummary } from '../api.ts'
import { announce } from '../frame/announcer.tsx'
import { Confirm } from '../frame/confirm.tsx'
import { setOff } from '../sites.ts'

/** The emergency switch of a site: asks, then throws it. */
export function OffSwitch({ site }: { readonly site: SiteSummary }): JSX.Element {
  const asking = useSignal(false)
  const off = !site.off
  const confirm = async () => {
    const refusal = await setOff(site.id, off)
    if (refusal === null) announce(`${site.name} is ${off ? 'off' : 'on'}.`)
    return refusal
  }
  return (
    <>
      <button
        type="button"
        class={off ? 'danger-quiet' : 'primary'}
        onClick={() => {
          asking.value = true
        }}
      >
        Switch {off ? 'off' : 'on'}
        <span class="unseen"> {site.name}</span>…
      </button>
      {asking.value && (
        <Confirm
          title={`Switch ${site.name} ${off ? 'off' : 'on'}?`}
          action={`Switch ${off ? 'off' : 'on'}`}
          danger={off}
          onConfirm={confirm}
          onClose={() => {
            asking.value = false
          }}
        >
          <p>{off ? WHAT_OFF_DOES : WHAT_ON_DOES}</p>
        </Confirm>
      )}
    </>
  )
}

const WHAT_OFF_DOES =
  'Within 5 seconds every visitor gets the site’s own pages, untouched. ' +
  'Figures and settings are kept, and you can switch it on again at any time.'

const WHAT_ON_DOES =
  'Within 5 seconds visitors get personalised pages again, as last published. ' +
  'Make sure that what made somebody switch it off is mended.'
