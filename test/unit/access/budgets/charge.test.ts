import { describe, expect, it } from 'vitest'
import { chargeOf } from '../../../../gateway/access/budgets/budget-scopes.ts'

describe('what budgets count of a request', () => {
  it.each([
    ['its cost', { billing: 'billed', costNanoUsd: 5 }, 5],
    ['its cost and what was probably paid beyond', { billing: 'billed', costNanoUsd: 5, estimatedNanoUsd: 3 }, 8],
    ['the estimate alone where nothing was reported', { billing: 'billed', costNanoUsd: null, estimatedNanoUsd: 3 }, 3],
    ['a paid first part of what a local model ended', { billing: 'local', costNanoUsd: 5, estimatedNanoUsd: 3 }, 3],
    ['nothing of what a subscription pays', { billing: 'flat_rate', costNanoUsd: 5 }, 0],
  ])('is %s', (_what, request, nanoUsd) => {
    expect(chargeOf(request)).toBe(nanoUsd)
  })
})
