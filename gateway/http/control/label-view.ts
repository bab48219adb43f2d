import type { Label } from '../../contract/request-story.ts'
import type { KeptLabel } from '../../store/label-repository.ts'

/** A label without its features. */
export function labelView({ id, router, decided, tier, at }: KeptLabel): Label {
  return { id, router, decided, tier, at }
}
