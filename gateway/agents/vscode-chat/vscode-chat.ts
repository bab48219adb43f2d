import { join } from 'node:path'
import type { AgentModel } from '../../contract/agents.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { type Agent, type AgentPlace, type CurrentFiles, type ExportFacts, ourId, type Setting } from '../agent.ts'
import { freeName, part } from '../free-id.ts'
import { inputBesideOutput, limitsOf, seesImages } from '../model-text.ts'
import { vscodeFolder } from '../own-files.ts'
import { readContent } from '../read-content.ts'

/** Chat in VS Code with own models. It keeps the key itself and asks for it once. Made from its documentation and not run. */
export const vscodeChat: Agent = {
  id: 'vscode-chat',
  name: 'VS Code chat',
  signs: (place) => [vscodeFolder(place), 'code'],
  files: (place) => [models(place)],
  plan: (current, facts) => ({
    changes: [
      {
        kind: 'edit',
        path: models(facts.place),
        format: 'jsonc',
        settings: [ourProvider(current, facts)],
      },
    ],
    notes: [
      `VS Code asks once for the key: paste what is in ${facts.key.file}.`,
      `Set chat.utilityModel and chat.utilitySmallModel to ${facts.smallModel.name} in the settings, or titles and commit messages do not run. Completions while typing stay Copilot's.`,
    ],
  }),
}

function models(place: AgentPlace): string {
  return join(vscodeFolder(place), 'chatLanguageModels.json')
}

function ourProvider(current: CurrentFiles, facts: ExportFacts): Setting {
  const others = readContent(current, models(facts.place), 'jsonc')
  const name = freeName(others, facts.url, (other) => part(firstOf(part(other, 'models')), 'url') ?? part(other, 'url'))
  return {
    path: [{ field: 'name', value: name }],
    value: {
      name,
      vendor: 'customendpoint',
      apiKey: `\${input:${ourId}-key}`,
      apiType: 'chat-completions',
      models: facts.models.map((model) => modelBlock(model, facts.url)),
    },
  }
}

function firstOf(items: JsonValue | undefined): JsonValue | undefined {
  return Array.isArray(items) ? items[0] : undefined
}

function modelBlock(model: AgentModel, url: string): JsonObject {
  const limits = limitsOf(model)
  return {
    id: model.name,
    name: model.name,
    url: `${url}/v1/chat/completions`,
    toolCalling: model.tools,
    vision: seesImages(model),
    thinking: model.reasoning,
    // Both together must not exceed the window.
    maxInputTokens: inputBesideOutput(model) ?? 24_000,
    maxOutputTokens: limits?.output ?? 8000,
    streaming: true,
  }
}
