import { join } from 'node:path'
import type { AgentModel } from '../../contract/agents.ts'
import type { JsonObject } from '../../model/json.ts'
import { type Agent, type AgentPlace, ourId, ourName } from '../agent.ts'
import { inputBesideOutput, limitsOf, seesImages } from '../model-text.ts'
import { vscodeFolder } from '../own-files.ts'

/** Chat in VS Code with own models. It keeps the key itself and asks for it once. Made from its documentation and not run. */
export const vscodeChat: Agent = {
  id: 'vscode-chat',
  name: 'VS Code chat',
  signs: (place) => [vscodeFolder(place), 'code'],
  files: (place) => [models(place)],
  plan: (_current, facts) => ({
    changes: [
      {
        kind: 'edit',
        path: models(facts.place),
        format: 'jsonc',
        settings: [
          {
            path: [{ field: 'name', value: ourName }],
            value: {
              name: ourName,
              vendor: 'customendpoint',
              apiKey: `\${input:${ourId}-key}`,
              apiType: 'chat-completions',
              models: facts.models.map((model) => modelBlock(model, facts.url)),
            },
          },
        ],
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
