import { parseArgs } from 'node:util'
import { deriveKeys } from '../keys.ts'
import { ROLES, signStaffToken } from '../staff/token.ts'
import { localKeys, newKey, STATE_FOLDER } from './secrets.ts'

const HELP = `npm run token -- --role marketer|editor|owner [--subject NAME] [--sites A,B] [--hours N] [--link [--url URL]]
npm run token -- --new-key

Signs a staff token with SELVEDGE_KEYS (the local runs' own key when that is not set).
--sites lets them see no other sites than these.
--link prints a sign-in link to the console of --url (http://localhost:8787) instead.
--new-key prints a new key for SELVEDGE_KEYS; put it first to make it the signing key.`

const { values } = parseArgs({
  options: {
    role: { type: 'string' },
    subject: { type: 'string', default: 'local' },
    sites: { type: 'string' },
    hours: { type: 'string', default: '12' },
    link: { type: 'boolean', default: false },
    url: { type: 'string', default: 'http://localhost:8787' },
    'new-key': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values['new-key']) {
  console.log(newKey(`k${Math.floor(Date.now() / 1000).toString(36)}`))
} else {
  const role = ROLES.find((known) => known === values.role)
  const seconds = Number(values.hours) * 3600
  if (values.help || !role || !(seconds > 0)) {
    console.error(HELP)
    process.exit(values.help ? 0 : 2)
  }
  const keys = await deriveKeys((process.env.SELVEDGE_KEYS ?? localKeys(STATE_FOLDER)).split(','))
  const sites = values.sites?.split(',').map((site) => site.trim())
  const staff = { subject: values.subject, role, ...(sites && { sites }) }
  const token = await signStaffToken(staff, seconds, keys.staff, Date.now())
  console.log(values.link ? `${values.url}/_sv/console/#token=${token}` : token)
}
