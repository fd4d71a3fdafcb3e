// Answers the consent banner without loading the page again; without scripts its form is posted.
const HALF_A_YEAR = 180 * 24 * 3600
const banner = document.getElementById('consent')

banner?.querySelector('form')?.addEventListener('submit', (event) => {
  const choice = event.submitter?.value
  if (!choice) return
  event.preventDefault()
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `consent=${choice}; Path=/; SameSite=Lax; Max-Age=${HALF_A_YEAR}`
  banner.remove()
})
