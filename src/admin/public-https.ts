/** Names that only mean something inside a network, or nothing at all outside a machine. */
const PRIVATE_NAMES =
  /(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|home\.arpa|corp|test|invalid|onion)$/

/**
 * https to a named public host. Any IP literal is refused: URL parsing has turned every notation of
 * one (decimal, octal, hex, short) into dotted digits or brackets by then.
 */
export function isPublicHttps(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname: rooted, username, password, port } = new URL(text)
  // `localhost.` is the same name, written from the root.
  const hostname = rooted.replace(/\.+$/, '')
  const isIp = /^[\d.]+$/.test(hostname) || hostname.startsWith('[')
  return (
    protocol === 'https:' &&
    username === '' &&
    password === '' &&
    (port === '' || port === '8443') &&
    !isIp &&
    hostname.includes('.') &&
    !PRIVATE_NAMES.test(hostname)
  )
}
