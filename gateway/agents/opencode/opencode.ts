import { join } from 'node:path'
import type { JsonValue } from '../../model/json.ts'
import type { Agent, AgentPlace, CurrentFiles, ExportFacts, Setting } from '../agent.ts'
import { freeId, part } from '../free-id.ts'
import { readContent } from '../read-content.ts'
import { nativeBlock, providerBlock } from './provider-block.ts'

/** opencode 1 and 2: a provider with every model, since it never asks a gateway for its list. */
export const opencode: Agent = {
  id: 'opencode',
  name: 'opencode',
  signs: (place) => [folder(place), join(place.home, '.local', 'share', 'opencode'), 'opencode'],
  files: paths,
  plan(current, facts) {
    const path = fileToWrite(paths(facts.place), current)
    const settings = opencodeSettings(current, path, facts, `{file:${facts.key.file}}`)
    return {
      changes: [{ kind: 'edit', path, format: 'jsonc', settings }],
      notes: ['opencode reads its files when it starts: start it anew. `opencode models` shows what it found.'],
    }
  },
}

function folder({ configHome }: AgentPlace): string {
  return join(configHome, 'opencode')
}

function paths(place: AgentPlace): readonly [string, string] {
  return [join(folder(place), 'opencode.jsonc'), join(folder(place), 'opencode.json')]
}

/** Where both files are, the first wins in opencode. */
export function fileToWrite([first, second]: readonly [string, string], current: CurrentFiles): string {
  return current.has(first) || !current.has(second) ? first : second
}

/** The settings of opencode's file, and of agents that share its shape. */
export function opencodeSettings(current: CurrentFiles, path: string, facts: ExportFacts, apiKey: string): Setting[] {
  const content = readContent(current, path, 'jsonc')
  const id = freeId(part(content, 'provider'), facts.url, (provider) => part(provider, 'options', 'baseURL'))
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
