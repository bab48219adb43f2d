import { describe, expect, it } from 'vitest'
import type { RoleView } from '../../../../gateway/contract/roles.ts'
import {
  isChanged,
  nameProblem,
  readRoles,
  roleRows,
  rowOfProblem,
  typedRole,
} from '../../../../renderer/state/role-form.ts'

const oracle: RoleView = {
  name: 'role/oracle',
  kind: 'role',
  model: 'large',
  fallbacks: ['small', 'local:tools'],
  leadsTo: 'model',
  on: true,
  listed: false,
}
const own: RoleView = { ...oracle, name: 'role/my-own', fallbacks: [] }
const rows = (typed = {}) => roleRows('role', [oracle, own], typed)

describe('roleRows', () => {
  it('has the known agents first, then those of the config and those that were added here', () => {
    const keys = rows({ 'role/added': { model: '', fallbacks: '' }, 'category/quick': { model: 'x', fallbacks: '' } })
    expect(keys.map(({ key }) => key).slice(0, 2)).toEqual(['sisyphus', 'hephaestus'])
    expect(keys.map(({ key }) => key).slice(-2)).toEqual(['my-own', 'added'])
    expect(keys.filter(({ key }) => key === 'oracle')).toHaveLength(1)
  })

  it('shows a role as the config has it', () => {
    const row = rows().find(({ key }) => key === 'oracle')
    expect(row && typedRole(row, {})).toEqual({ model: 'large', fallbacks: 'small, local:tools' })
  })
})

describe('readRoles', () => {
  it('writes what changed and nothing else: a name, a name with fallbacks, a role that goes', () => {
    const typed = {
      'role/oracle': { model: '', fallbacks: '' },
      'role/atlas': { model: ' small ', fallbacks: '' },
      'role/metis': { model: 'small', fallbacks: 'large,, local:tools ' },
      'role/my-own': { model: 'large', fallbacks: ' ' },
      'role/momus': { model: ' ', fallbacks: '' },
    }
    expect(readRoles(rows(typed), typed)).toEqual({
      edits: [
        {
          op: 'set',
          path: ['signalbox', 'roles', 'metis'],
          value: { model: 'small', fallbacks: ['large', 'local:tools'] },
        },
        { op: 'remove', path: ['signalbox', 'roles', 'oracle'] },
        { op: 'set', path: ['signalbox', 'roles', 'atlas'], value: 'small' },
      ],
    })
    expect(rows(typed).filter((row) => isChanged(row, typed))).toHaveLength(3)
  })

  it('wants a model before its fallbacks', () => {
    const typed = { 'role/atlas': { model: '', fallbacks: 'small' } }
    expect(readRoles(rows(typed), typed)).toEqual({
      problems: { 'role/atlas': 'Fallbacks stand behind a model: name one.' },
    })
  })
})

it.each([
  ['', 'You typed nothing.'],
  ['a/b', 'You typed a/b.'],
  ['oracle', 'There is oracle already.'],
])('refuses the name %j', (name, sentence) => expect(nameProblem(name, rows())).toContain(sentence))

it('takes a new name', () => expect(nameProblem('reviewer-2', rows())).toBeUndefined())

it('finds the row of a problem, and not one whose name begins alike', () => {
  const all = rows({ 'role/orac': { model: 'x', fallbacks: '' } })
  expect(rowOfProblem('signalbox.roles.oracle.fallbacks[0]', all)?.key).toBe('oracle')
  expect(rowOfProblem('signalbox.roles.orac', all)?.key).toBe('orac')
  expect(rowOfProblem('signalbox.categories.oracle', all)).toBeUndefined()
})
