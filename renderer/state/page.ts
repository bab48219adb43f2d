export type Page =
  | { readonly name: 'activity'; readonly requestId: string | undefined }
  | { readonly name: 'spend' }
  | { readonly name: 'routers'; readonly router: string | undefined }
  | { readonly name: 'backends' }
  | { readonly name: 'keys'; readonly key: string | undefined }
  | { readonly name: 'agents'; readonly agent: string | undefined }
  | { readonly name: 'settings' }
  | { readonly name: 'models'; readonly model: string | undefined }
  | { readonly name: 'setup'; readonly step: string | undefined }

export type PageName = Page['name']

/** The pages in the order of the sidebar and of Ctrl 1, Ctrl 2… */
export const pageOrder = [
  'activity',
  'spend',
  'routers',
  'models',
  'backends',
  'keys',
  'agents',
] as const satisfies readonly PageName[]

const pageNames: readonly PageName[] = [...pageOrder, 'settings', 'setup']

/** A page as its link opens it, with nothing selected. */
export function pageCalled(name: PageName, argument?: string): Page {
  if (name === 'activity') return { name, requestId: argument }
  if (name === 'routers') return { name, router: argument }
  if (name === 'keys') return { name, key: argument }
  if (name === 'agents') return { name, agent: argument }
  if (name === 'models') return { name, model: argument }
  if (name === 'setup') return { name, step: argument }
  return { name }
}

/** Reads the address's fragment, `#/routers/demo-router`; anything unknown is the list of requests. */
export function readPage(fragment: string): Page {
  const [, written, argument] = fragment.replace(/^#/, '').split('/')
  const value = argument === undefined || argument === '' ? undefined : decode(argument)
  const name = pageNames.find((known) => known === written)
  return name === undefined ? pageCalled('activity', value) : pageCalled(name, value)
}

/** The fragment of a page. */
export function writePage(page: Page): string {
  const argument = argumentOf(page)
  return argument === undefined ? `#/${page.name}` : `#/${page.name}/${encodeURIComponent(argument)}`
}

function argumentOf(page: Page): string | undefined {
  if (page.name === 'activity') return page.requestId
  if (page.name === 'routers') return page.router
  if (page.name === 'keys') return page.key
  if (page.name === 'models') return page.model
  if (page.name === 'setup') return page.step
  return page.name === 'agents' ? page.agent : undefined
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
