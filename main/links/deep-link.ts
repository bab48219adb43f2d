import { readPageFragment } from './page-fragment.ts'

export const linkScheme = 'signalbox'

/** Longer ones are not links of ours. */
const longestLink = 300

/**
 * The page a link names, as the fragment the interface understands: `signalbox://activity/<id>` is `#/activity/<id>`,
 * `signalbox://` alone the page that is open (''). Undefined for everything else. A link comes from any web page, so it
 * can show a page and nothing more: it changes no setting, carries no key, has no query.
 */
export function readDeepLink(link: string): string | undefined {
  if (link.length > longestLink || !URL.canParse(link)) return undefined
  const url = new URL(link)
  if (url.protocol !== `${linkScheme}:` || url.username !== '' || url.password !== '' || url.port !== '')
    return undefined
  if (url.search !== '' || url.hash !== '') return undefined
  const path = `${url.host}${url.pathname}`.replace(/\/+$/, '')
  if (path === '') return ''
  return readPageFragment(`#/${path}`)
}

/** True for an argument that the system passed on because a link was clicked. */
export function isDeepLink(argument: string): boolean {
  return argument.toLowerCase().startsWith(`${linkScheme}:`)
}

/** The last link among the arguments of a start. */
export function linkAmong(argumentList: readonly string[]): string | undefined {
  return argumentList.findLast(isDeepLink)
}
