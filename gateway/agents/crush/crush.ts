import { join } from 'node:path'
import type { AgentModel } from '../../contract/agents.ts'
import type { JsonObject } from '../../model/json.ts'
import { type Agent, type AgentPlace, type ExportFacts, ourName } from '../agent.ts'
import { freeId, part } from '../free-id.ts'
import { readFileCommand } from '../key-command.ts'
import { limitsOf, seesImages } from '../model-text.ts'
import { readContent } from '../read-content.ts'

/**
 * Crush: its JSON file, which every version reads. The newer `crushrc` is a shell script: names of models have no
 * business in one. Made from its sources and not run.
 */
export const crush: Agent = {
  id: 'crush',
  name: 'Crush',
  signs: (place) => [folder(place), 'crush'],
  files: (place) => [file(place), join(folder(place), 'crushrc')],
  plan(current, facts) {
    const path = file(facts.place)
    const providers = part(readContent(current, path, 'jsonc'), 'providers')
    const id = freeId(providers, facts.url, (other) => part(other, 'base_url'))
    return {
      changes: [
        {
          kind: 'edit',
          path,
          format: 'jsonc',
          settings: [
            ...(current.has(path) ? [] : [{ path: ['$schema'], value: 'https://charm.land/crush.json' }]),
            { path: ['providers', id], value: provider(facts) },
            { path: ['models', 'large'], value: choice(id, facts.model) },
            { path: ['models', 'small'], value: choice(id, facts.smallModel) },
          ],
        },
      ],
      notes: current.has(join(folder(facts.place), 'crushrc'))
        ? ['Your crushrc goes before crush.json: what it says of models stays in effect.']
        : [],
    }
  },
}

function folder({ configHome }: AgentPlace): string {
  return join(configHome, 'crush')
}

function file(place: AgentPlace): string {
  return join(folder(place), 'crush.json')
}

function provider(facts: ExportFacts): JsonObject {
  return {
    name: ourName,
    type: 'openai-compat',
    base_url: `${facts.url}/v1`,
    api_key: `$(${readFileCommand(facts)})`,
    models: facts.models.map(modelBlock),
  }
}

function modelBlock(model: AgentModel): JsonObject {
  const limits = limitsOf(model)
  return {
    id: model.name,
    name: model.name,
    cost_per_1m_in: model.cost?.input ?? 0,
    cost_per_1m_out: model.cost?.output ?? 0,
    cost_per_1m_in_cached: model.cost?.cacheWrite ?? 0,
    cost_per_1m_out_cached: model.cost?.cacheRead ?? 0,
    // Crush wants a window of every model; an unknown one is taken for a small one.
    context_window: limits?.context ?? 32_000,
    default_max_tokens: limits?.output ?? 8000,
    can_reason: model.reasoning,
    supports_attachments: seesImages(model),
    ...(model.efforts.length === 0 ? {} : { reasoning_levels: [...model.efforts] }),
  }
}

function choice(id: string, model: AgentModel): JsonObject {
  return { provider: id, model: model.name }
}
