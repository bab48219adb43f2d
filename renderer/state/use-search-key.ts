import { type RefObject, useEffect, useRef } from 'react'

/** `/` leads to the search field that gets this reference, unless a field has the focus. */
export function useSearchKey(): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      if (/^(?:INPUT|TEXTAREA|SELECT)$/u.test(target.tagName) || target.isContentEditable) return
      field.current?.focus()
      event.preventDefault()
    }
    window.addEventListener('keydown', handle)
    return () => window.removeEventListener('keydown', handle)
  }, [])
  return field
}
