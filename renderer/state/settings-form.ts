import type { ConfigEdit, Settings } from '../contract.ts'
import { strings } from '../strings.ts'

const words = strings.settingsPage.problems
const mostDays = 36_500

/** The fields of the page as they are typed. */
export interface SettingsTyped {
  readonly port: string
  readonly host: string
  readonly discovery: string
  readonly demo: string
  readonly agentResync: string
  readonly priceRefresh: string
  /** Days; empty = for good. */
  readonly rowDays: string
}

export type SettingName = keyof SettingsTyped
export type SettingProblems = Partial<Record<SettingName, string>>

const paths: Readonly<Record<SettingName, readonly string[]>> = {
  port: ['signalbox', 'port'],
  host: ['signalbox', 'host'],
  discovery: ['signalbox', 'discovery'],
  demo: ['signalbox', 'demo'],
  agentResync: ['signalbox', 'agents', 'resync'],
  priceRefresh: ['signalbox', 'prices', 'refresh'],
  rowDays: ['signalbox', 'retention', 'rows_days'],
}

/** The fields as the config has them; empty = it does not say. */
export function typedSettings(settings: Settings): SettingsTyped {
  const { port, host, discovery, demo, agentResync, priceRefresh, rowDays } = settings
  return {
    port: port === null ? '' : String(port),
    host: host ?? '',
    discovery,
    demo,
    agentResync,
    priceRefresh,
    rowDays: rowDays === null ? '' : String(rowDays),
  }
}

/** The fields that say something else than the config. */
export function changedSettings(saved: SettingsTyped, typed: SettingsTyped): readonly SettingName[] {
  return (Object.keys(paths) as SettingName[]).filter((name) => typed[name].trim() !== saved[name])
}

/** The edits that the changed fields come to, or what is wrong with them. An emptied field leaves the file. */
export function readSettings(
  saved: SettingsTyped,
  typed: SettingsTyped,
): { readonly edits: readonly ConfigEdit[] } | { readonly problems: SettingProblems } {
  const problems: { -readonly [Name in SettingName]?: string } = {}
  const edits = changedSettings(saved, typed).map((name): ConfigEdit => {
    const text = typed[name].trim()
    const path = [...paths[name]]
    if (text === '') return { op: 'remove', path }
    const problem = problemOf(name, text)
    if (problem !== undefined) problems[name] = problem
    return { op: 'set', path, value: name === 'port' || name === 'rowDays' ? Number(text) : text }
  })
  return Object.keys(problems).length > 0 ? { problems } : { edits }
}

/** The field that a problem of the config file is about. */
export function settingOfProblem(path: string): SettingName | undefined {
  return (Object.keys(paths) as SettingName[]).find((name) => paths[name].join('.') === path)
}

function problemOf(name: SettingName, text: string): string | undefined {
  if (name === 'port') return isWhole(text, 0, 65_535) ? undefined : words.port(text)
  if (name === 'rowDays') return isWhole(text, 1, mostDays) ? undefined : words.days(text)
  // Whether the machine has such an address is found when it is listened on.
  if (name === 'host')
    return /^[A-Za-z0-9.:-]+$/u.test(text) && !/^[^:]*:\d+$/u.test(text) ? undefined : words.host(text)
  return undefined
}

function isWhole(text: string, least: number, most: number): boolean {
  return /^\d{1,5}$/u.test(text) && Number(text) >= least && Number(text) <= most
}
