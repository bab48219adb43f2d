export type Page =
  | { readonly name: 'activity'; readonly requestId: string | undefined }
  | { readonly name: 'routers'; readonly router: string | undefined }

/** Reads the address's fragment, `#/routers/demo-router`; anything unknown is the list of requests. */
export function readPage(fragment: string): Page {
  const [, name, argument] = fragment.replace(/^#/, '').split('/')
  const value = argument === undefined || argument === '' ? undefined : decode(argument)
  return name === 'routers' ? { name, router: value } : { name: 'activity', requestId: value }
}

/** The fragment of a page. */
export function writePage(page: Page): string {
  const argument = page.name === 'routers' ? page.router : page.requestId
  return argument === undefined ? `#/${page.name}` : `#/${page.name}/${encodeURIComponent(argument)}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
