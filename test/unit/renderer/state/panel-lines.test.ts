import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layoutSparkline } from '../../../../renderer/format/sparkline.ts'
import { limitLines, placeLines } from '../../../../renderer/state/panel-lines.ts'
import { scriptedNow } from '../../../ui/scripted-data.ts'
import { keys, scriptedKey } from '../../../ui/scripted-keys.ts'
import { backends, network, quotas, scriptedBackend, scriptedQuota } from '../../../ui/scripted-places.ts'

describe('the lines of local servers', () => {
  it('tell the troubled first, by the reason of its host, and leave out what is only offered', () => {
    expect(placeLines(backends.backends, network)).toEqual([
      { name: 'gpu-node', lamp: 'away', words: 'VPN off: reconnect to use gpu-node', troubled: true },
      { name: 'this-machine', lamp: 'up', words: 'Ollama, 3 models', troubled: false },
    ])
  })

  it('tell a lost host of which no server is known', () => {
    const [line] = placeLines([], network)
    expect(line).toMatchObject({ name: 'gpu-node', lamp: 'away', troubled: true })
  })

  it.each([
    ['starting', 'loads a model', 'loading', 'loads a model', false],
    ['unknown', null, 'off', 'not asked yet', false],
    ['auth', 'refuses its key', 'failed', 'refuses its key', true],
  ] as const)('say of %s what it is', (state, reason, lamp, words, troubled) => {
    const [line] = placeLines([scriptedBackend('one', { state, reason })], undefined)
    expect(line).toEqual({ name: 'one', lamp, words, troubled })
  })
})

describe('the lines of limits', () => {
  it('begin with what is nearest to its end and name of a deployment only its fullest limit', () => {
    const lines = limitLines(keys, quotas, scriptedNow)
    expect(lines.map(({ name }) => name)).toEqual([
      'opencode-kimi-k2-6, requests per day',
      'Budget of laptop',
      'Budget of codex',
    ])
    expect(lines[0]).toMatchObject({ share: 0.91, note: expect.stringMatching(/^starts anew \d\d:\d\d$/) })
    expect(lines[1]?.note).toBe('$18.80 left')
  })

  it('leave out keys without a budget, blocked ones, and limits whose size nobody told', () => {
    const budget = { maxNanoUsd: 1, duration: null, spentNanoUsd: 1, resetsAt: null }
    const blocked = scriptedKey('a', 'old', { blocked: true, budget })
    const unknown = scriptedQuota('one', [{ most: null, used: null, left: 5 }])
    expect(limitLines([blocked, scriptedKey('b', 'free')], { deployments: [unknown] }, scriptedNow)).toEqual([])
  })

  it('have the budgets of the config too', () => {
    const budget = { maxNanoUsd: 10, duration: 'monthly', spentNanoUsd: 9, resetsAt: null }
    const budgets = [
      { of: 'gateway' as const, name: null, deploymentId: null, budget },
      { of: 'provider' as const, name: 'mistral', deploymentId: null, budget },
    ]
    expect(limitLines([], { deployments: [], budgets }, scriptedNow).map(({ name }) => name)).toEqual([
      'Budget of the gateway',
      'Budget of provider mistral',
    ])
  })

  it('say how much is used where no time is known', () => {
    const [line] = limitLines([], { deployments: [scriptedQuota('one', [{ most: 4, left: 1 }])] }, scriptedNow)
    expect(line).toMatchObject({ share: 0.75, note: '3 of 4' })
  })
})

describe('the sparkline', () => {
  it('stays in its box', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 24 }), (values) => {
        const points = layoutSparkline(values)
        expect(points).toHaveLength(values.length)
        for (const { x, y } of points) {
          expect(x >= 0 && x <= 100 && y >= 0 && y <= 100).toBe(true)
        }
      }),
    )
  })
})
