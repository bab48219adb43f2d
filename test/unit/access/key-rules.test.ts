import { describe, expect, it } from 'vitest'
import { underKeyRules } from '../../../gateway/access/key-rules.ts'

const rules = {
  defaults: { max_budget: 5, models: ['fast'], user_id: 'ann' },
  most: { max_budget: 50, budget_duration: 'monthly', duration: '30d', rpm_limit: 100 },
}

describe('the rules of the configuration for keys', () => {
  it('fill in what a new key leaves out: its default, else the most', () => {
    expect(underKeyRules({ key_alias: 'a', models: null, rpm_limit: 7 }, rules, { isChange: false })).toEqual({
      key_alias: 'a',
      max_budget: 5,
      models: ['fast'],
      user_id: 'ann',
      budget_duration: 'monthly',
      duration: '30d',
      rpm_limit: 7,
    })
  })

  it('leave a change as it is, up to the most', () => {
    const change = { max_budget: 50, budget_duration: '2w', user_id: null }
    expect(underKeyRules(change, rules, { isChange: true })).toEqual(change)
  })

  it.each([
    [{ max_budget: 51 }, false, 'max_budget is 51; the configuration allows at most 50'],
    [{ budget_duration: 'yearly' }, false, 'budget_duration is "yearly"'],
    [{ duration: '31d' }, true, 'duration is "31d"; the configuration allows at most "30d"'],
    [{ rpm_limit: null }, true, 'rpm_limit is no limit'],
  ])('refuse what is above the most: %j', (body, isChange, words) => {
    expect(() => underKeyRules(body, rules, { isChange })).toThrow(words)
  })

  it('name the field as its caller spells it', () => {
    const spelling = (field: string) => (field === 'max_budget' ? 'maxBudgetUsd' : field)
    expect(() => underKeyRules({ max_budget: 51 }, rules, { isChange: false, spelling })).toThrow('maxBudgetUsd is 51')
  })

  it('leave what makes no sense to others', () => {
    const body = { max_budget: '51', budget_duration: 'fortnightly' }
    expect(underKeyRules(body, rules, { isChange: true })).toEqual(body)
  })
})
