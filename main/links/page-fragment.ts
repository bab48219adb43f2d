/** Of a page of the interface: `#/activity`, `#/activity/<id>`. Nothing in it can leave the document it is put behind. */
const pageFragment = /^#\/[\w/.:-]*$/

/** The page that a call from the preload names; undefined for anything that is not one, which then opens no page of its own. */
export function readPageFragment(value: unknown): string | undefined {
  return typeof value === 'string' && pageFragment.test(value) ? value : undefined
}
