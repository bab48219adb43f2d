import { join } from 'node:path'
import type { AgentModel } from '../../contract/agents.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Agent, AgentPlace } from '../agent.ts'
import { freeId, part } from '../free-id.ts'
import { limitsOf, seesImages } from '../model-text.ts'
import { roaming } from '../own-files.ts'
import { readContent } from '../read-content.ts'

/** Zed: a provider with every model. The key goes into the keychain by hand: Zed reads none from a file. Made from its documentation and not run. */
export const zed: Agent = {
  id: 'zed',
  name: 'Zed',
  signs: (place) => [folder(place), 'zed', 'zeditor'],
  files: (place) => [settings(place)],
  plan(current, facts) {
    const path = settings(facts.place)
    const providers = part(readContent(current, path, 'jsonc'), 'language_models', 'openai_compatible')
    const id = freeId(providers, facts.url, (provider) => part(provider, 'api_url'))
    return {
      changes: [
        {
          kind: 'edit',
          path,
          format: 'jsonc',
          settings: [
            {
              path: ['language_models', 'openai_compatible', id],
              value: { api_url: `${facts.url}/v1`, available_models: facts.models.map(modelBlock) },
            },
            { path: ['agent', 'default_model'], value: { provider: id, model: facts.model.name } },
            { path: ['agent', 'thread_summary_model'], value: { provider: id, model: facts.smallModel.name } },
          ],
        },
      ],
      notes: [
        `Give Zed the key once: Agent panel, settings, ${id}, paste what is in ${facts.key.file}. A Zed started from a terminal takes ${id.toUpperCase().replaceAll('-', '_')}_API_KEY instead.`,
      ],
    }
  },
}

function folder({ home, configHome, platform, environment }: AgentPlace): string {
  if (platform === 'win32') return join(roaming(home, environment), 'Zed')
  return platform === 'darwin' ? join(home, '.config', 'zed') : join(configHome, 'zed')
}

function settings(place: AgentPlace): string {
  return join(folder(place), 'settings.json')
}

function modelBlock(model: AgentModel): JsonObject {
  const limits = limitsOf(model)
  return {
    name: model.name,
    display_name: model.name,
    // Zed's name for the window; it wants one of every model.
    max_tokens: limits?.context ?? 32_000,
    ...(limits === undefined ? {} : { max_output_tokens: limits.output }),
    capabilities: {
      tools: model.tools,
      images: seesImages(model),
      parallel_tool_calls: model.tools,
      prompt_cache_key: false,
    },
  }
}
