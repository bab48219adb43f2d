import { describe, expect, it } from 'vitest'
import { nodeVersionProblem } from '../../../gateway/node-version.ts'

describe('the Node version', () => {
  it.each(['22.19.0', '22.20.1', '24.0.0', '26.1.0'])('%s is good', (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined()
  })

  it.each(['20.20.2', '22.18.0', '18.0.0', ''])('%s is refused with what to do', (version) => {
    expect(nodeVersionProblem(version)).toContain('npm run gateway')
  })
})
