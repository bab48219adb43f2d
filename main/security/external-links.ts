/** Hosts the interface links to. A link to anywhere else is a mistake or an attack, and does not open. */
const allowedHosts = new Set(['github.com', 'docs.litellm.ai', 'opencode.ai'])

/**
 * The address to hand to the system's browser, or undefined when it must not open. What is returned is written anew by
 * the URL parser, never the text that came in; only https, without credentials, to a host of the list.
 */
export function safeExternalLink(link: string): string | undefined {
  if (!URL.canParse(link)) return undefined
  const url = new URL(link)
  const plain = url.username === '' && url.password === '' && url.port === ''
  return url.protocol === 'https:' && plain && allowedHosts.has(url.hostname) ? url.href : undefined
}
