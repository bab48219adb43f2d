/** A cell that cannot be had, and why: the gateway refuses such a request in words. */
export interface Refusal {
  readonly dialect: string
  readonly provider: string
  readonly cell: string
  readonly why: string
}

export const refusals: readonly Refusal[] = []
