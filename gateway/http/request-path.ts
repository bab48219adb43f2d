/** The path of a request target without its query; also of an absolute-form target. */
export function pathOf(target: string | undefined): string {
  const text = target ?? '/'
  const path = text.startsWith('/') ? text : text.replace(/^https?:\/\/[^/?#]*/iu, '')
  const end = path.search(/[?#]/u)
  const bare = end === -1 ? path : path.slice(0, end)
  return bare === '' ? '/' : bare
}
