import { join } from 'node:path'
import { isJsonObject, type JsonValue } from '../../model/json.ts'
import type { Agent, AgentPlace, CurrentFiles, ExportFacts, Setting } from '../agent.ts'
import { freeId, part } from '../free-id.ts'
import { readContent } from '../read-content.ts'
import { nativeBlock, providerBlock } from './provider-block.ts'

/** opencode 1 and 2: a provider with every model, since it never asks a gateway for its list. */
export const opencode: Agent = {
  id: 'opencode',
  name: 'opencode',
  signs: (place) => [folder(place), join(place.home, '.local', 'share', 'opencode'), 'opencode'],
  files: opencodeFiles,
  plan(current, facts) {
    const settings = opencodeSettings(current, opencodeFiles(facts.place), facts, `{file:${facts.key.file}}`)
    return {
      changes: [{ kind: 'edit', path: fileToWrite(opencodeFiles(facts.place), current), format: 'jsonc', settings }],
      notes: ['opencode reads its files when it starts: start it anew. `opencode models` shows what it found.'],
    }
  },
}

function folder({ configHome }: AgentPlace): string {
  return join(configHome, 'opencode')
}

/** Where both are, the first wins. */
export function opencodeFiles(place: AgentPlace): readonly [string, string] {
  return [join(folder(place), 'opencode.jsonc'), join(folder(place), 'opencode.json')]
}

/** Where both files are, the first wins in opencode. */
export function fileToWrite([first, second]: readonly [string, string], current: CurrentFiles): string {
  return current.has(first) || !current.has(second) ? first : second
}

/** The id of our provider: free in both files, since the agent puts them together. */
export function providerId(current: CurrentFiles, files: readonly [string, string], { url }: ExportFacts): string {
  const [first, second] = files.map((file) => part(readContent(current, file, 'jsonc'), 'provider'))
  const known = { ...(isJsonObject(second) ? second : {}), ...(isJsonObject(first) ? first : {}) }
  return freeId(known, url, (provider) => part(provider, 'options', 'baseURL'))
}

/** The settings of opencode's file, and of agents that share its shape. */
export function opencodeSettings(
  current: CurrentFiles,
  files: readonly [string, string],
  facts: ExportFacts,
  apiKey: string,
): Setting[] {
  const path = fileToWrite(files, current)
  const content = readContent(current, path, 'jsonc')
  const id = providerId(current, files, facts)
  const native = part(content, 'providers', id)
  return [
    ...(!current.has(path) ? [{ path: ['$schema'], value: 'https://opencode.ai/config.json' }] : []),
    { path: ['provider', id], value: providerBlock(facts, apiKey) },
    ...(native === undefined ? [] : [{ path: ['providers', id], value: nativeBlock(facts, apiKey) }]),
    { path: ['model'], value: `${id}/${facts.model.name}` },
    { path: ['small_model'], value: `${id}/${facts.smallModel.name}` },
    ...enabling(content, id),
  ]
}

/** A list of allowed providers hides ours unless it names it; a list of disabled ones must not. */
function enabling(content: JsonValue, id: string): Setting[] {
  const allowed = part(content, 'enabled_providers')
  const disabled = part(content, 'disabled_providers')
  return [
    ...(Array.isArray(allowed) && !allowed.includes(id)
      ? [{ path: ['enabled_providers'], value: [...allowed, id] }]
      : []),
    ...(Array.isArray(disabled) && disabled.includes(id)
      ? [{ path: ['disabled_providers'], value: disabled.filter((name) => name !== id) }]
      : []),
  ]
}
