import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyKey, readKeyForm, typedOf } from '../../../../renderer/state/key-form.ts'
import { keyName, keyState } from '../../../../renderer/state/key-state.ts'
import { keys, scriptedKey } from '../../../ui/scripted-keys.ts'

describe('the form of a key', () => {
  it('reads what is empty as no value', () => {
    expect(readKeyForm(emptyKey, []).key).toEqual({
      alias: null,
      agent: null,
      models: [],
      maxBudgetUsd: null,
      budgetDuration: null,
      rpm: null,
      tpm: null,
      maxParallel: null,
      onLimit: null,
    })
  })

  it('takes figures as people write them', () => {
    const typed = { ...emptyKey, budget: '$1,250.50', tpm: '400,000', rpm: ' 60 ', days: '30', models: 'a\n b ,c\n\n' }
    expect(readKeyForm(typed, []).key).toMatchObject({
      maxBudgetUsd: 1_250.5,
      tpm: 400_000,
      rpm: 60,
      lifetimeSeconds: 2_592_000,
      models: ['a', 'b', 'c'],
    })
  })

  it.each([
    ['budget', '-5', 'A budget is $0 or more. You typed -5.'],
    ['budget', '5 euro', 'A budget is $0 or more. You typed 5 euro.'],
    ['rpm', '1.5', 'A whole number from 0. You typed 1.5.'],
    ['tpm', '1e6', 'A whole number from 0. You typed 1e6.'],
    ['days', '0', 'A whole number of days from 1 to 36,500. You typed 0.'],
    ['alias', 'taken', 'There is a key named taken already.'],
  ])('says what is wrong with %s %j', (name, value, problem) => {
    expect(readKeyForm({ ...emptyKey, [name]: value }, ['taken']).problems).toEqual({ [name]: problem })
  })

  it('gives a key back as it is', () => {
    const [laptop] = keys
    expect(laptop && readKeyForm(typedOf(laptop), []).key).toMatchObject({
      alias: 'laptop',
      agent: 'opencode',
      models: ['opencodego-router', 'frontier-router', 'mistral-*'],
      maxBudgetUsd: 60,
      budgetDuration: 'monthly',
      rpm: 60,
      tpm: 400_000,
    })
  })

  it('never makes a figure of nonsense', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { key } = readKeyForm({ ...emptyKey, budget: text, rpm: text }, [])
        if (key === undefined) return
        expect(key.maxBudgetUsd === null || Number.isFinite(key.maxBudgetUsd)).toBe(true)
        expect(key.rpm === null || Number.isSafeInteger(key.rpm)).toBe(true)
      }),
    )
  })
})

describe('a key', () => {
  it('is blocked, expired or active, and goes by its name or the end of its secret', () => {
    const now = 1_000
    expect(keyState(scriptedKey('a', null, { blocked: true, expiresAt: 1 }), now)).toBe('blocked')
    expect(keyState(scriptedKey('a', null, { expiresAt: 1_000 }), now)).toBe('expired')
    expect(keyState(scriptedKey('a', null, { expiresAt: 1_001 }), now)).toBe('active')
    expect(keyName(scriptedKey('abcd', null))).toBe('sk-...abcd')
  })
})
