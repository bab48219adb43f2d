import { expect, it } from 'vitest'
import type { Settings } from '../../../../gateway/contract/settings.ts'
import {
  changedSettings,
  readSettings,
  settingOfProblem,
  typedSettings,
} from '../../../../renderer/state/settings-form.ts'

const settings: Settings = {
  port: 4100,
  host: null,
  discovery: 'loopback',
  demo: 'on',
  agentResync: 'on',
  priceRefresh: 'off',
  rowDays: 90,
}
const saved = typedSettings(settings)

it('writes only what changed, numbers as numbers, and takes out what was emptied', () => {
  const typed = { ...saved, port: ' 4001 ', rowDays: '', agentResync: 'off', host: ' ' }
  expect(changedSettings(saved, typed)).toEqual(['port', 'agentResync', 'rowDays'])
  expect(readSettings(saved, typed)).toEqual({
    edits: [
      { op: 'set', path: ['signalbox', 'port'], value: 4001 },
      { op: 'set', path: ['signalbox', 'agents', 'resync'], value: 'off' },
      { op: 'remove', path: ['signalbox', 'retention', 'rows_days'] },
    ],
  })
})

it.each([
  ['port', '65536'],
  ['port', '4e3'],
  ['port', '-1'],
  ['rowDays', '0'],
  ['rowDays', '1.5'],
  ['host', '127.0.0.1:4000'],
  ['host', 'http://localhost'],
] as const)('says what is wrong with %s %j, and what was typed', (name, text) => {
  const read = readSettings(saved, { ...saved, [name]: text })
  expect('problems' in read && read.problems[name]).toContain(`You typed ${text}.`)
})

it.each(['0.0.0.0', '::1', 'localhost', 'my-host.local'])('takes the address %s', (host) =>
  expect(readSettings(saved, { ...saved, host })).toMatchObject({ edits: [{ value: host }] }),
)

it('knows the field of a problem in the file', () => {
  expect(settingOfProblem('signalbox.prices.refresh')).toBe('priceRefresh')
  expect(settingOfProblem('signalbox.ports')).toBeUndefined()
})
