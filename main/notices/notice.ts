import type { NoticeSwitches } from '../../gateway/contract/desktop.ts'

/** Something that happened and that people want to know even when they look elsewhere. */
export interface Notice {
  /** The switch that it stands under. */
  readonly kind: keyof NoticeSwitches
  readonly title: string
  readonly body: string
  /** Where a click leads, as a fragment. */
  readonly page: string
}
