import { join } from 'node:path'
import type { AgentPlace, ExportFacts } from './agent.ts'

/** The variable that stands for the key where an agent wants a name. */
export const keyVariable = 'SIGNALBOX_API_KEY'

/** A file of ours that is no file of the agent: beside the keys and backups. */
export function ownFile({ configHome }: AgentPlace, name: string): string {
  return join(configHome, 'signalbox', 'agents', 'files', name)
}

/** A file of variables, quoted for a shell and for Docker alike: no value of ours needs quotes. */
export function variableFile(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${/^[\w@%+,./:;=-]*$/u.test(value) ? value : JSON.stringify(value)}\n`)
    .join('')
}

/** How a shell takes a file of variables over. */
export function sourcing(path: string): string {
  return `set -a; . '${path}'; set +a`
}

/** How a shell gets the key into a variable without showing it. */
export function keyExport({ key }: Pick<ExportFacts, 'key'>, variable: string = keyVariable): string {
  return `export ${variable}="$(cat '${key.file}')"`
}

/** The address as a container on this machine sees it. */
export function fromContainer(url: string): string {
  return url.replace(/^(https?:\/\/)(?:127\.0\.0\.1|localhost|\[::1\])(?=[:/]|$)/u, '$1host.docker.internal')
}

/** Where VS Code keeps the files of its user. */
export function vscodeFolder({ home, configHome, platform, environment }: AgentPlace): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Code', 'User')
  if (platform === 'win32') return join(roaming(home, environment), 'Code', 'User')
  return join(configHome, 'Code', 'User')
}

/** `%APPDATA%`. */
export function roaming(home: string, environment: AgentPlace['environment']): string {
  return environment['APPDATA'] ?? join(home, 'AppData', 'Roaming')
}
