import { join } from 'node:path'
import type { AgentModel } from '../../contract/agents.ts'
import type { JsonObject } from '../../model/json.ts'
import { type Agent, type AgentPlace, type ExportFacts, ourId } from '../agent.ts'
import { limitsOf, seesImages } from '../model-text.ts'
import { ownFile, vscodeFolder } from '../own-files.ts'

/** Roo Code: a file it imports whenever VS Code starts. Made from third-party descriptions and not run. */
export const rooCode: Agent = {
  id: 'roo-code',
  name: 'Roo Code',
  signs: ({ home, ...place }) => [
    join(vscodeFolder({ home, ...place }), 'globalStorage', 'rooveterinaryinc.roo-cline'),
  ],
  files: (place) => [importFile(place), settings(place)],
  plan: (_current, facts) => ({
    changes: [
      { kind: 'own', path: importFile(facts.place), content: importText(facts), secret: true },
      {
        kind: 'edit',
        path: settings(facts.place),
        format: 'jsonc',
        settings: [{ path: ['roo-cline.autoImportSettingsPath'], value: importFile(facts.place) }],
      },
    ],
    notes: ['Start VS Code anew: Roo Code imports the profiles then. It keeps them after an undo; delete them there.'],
  }),
}

function importFile(place: AgentPlace): string {
  return ownFile(place, 'roo-code.json')
}

function settings(place: AgentPlace): string {
  return join(vscodeFolder(place), 'settings.json')
}

function importText(facts: ExportFacts): string {
  const { model, smallModel } = facts
  const profiles = { [ourId]: profile(facts, model), [`${ourId}-small`]: profile(facts, smallModel) }
  const content = { providerProfiles: { currentApiConfigName: ourId, apiConfigs: profiles } }
  return `${JSON.stringify(content, undefined, 2)}\n`
}

function profile({ url, key }: ExportFacts, model: AgentModel): JsonObject {
  const limits = limitsOf(model)
  return {
    apiProvider: 'openai',
    openAiBaseUrl: `${url}/v1`,
    openAiApiKey: key.secret,
    openAiModelId: model.name,
    openAiStreamingEnabled: true,
    openAiCustomModelInfo: {
      ...(limits === undefined ? {} : { contextWindow: limits.context, maxTokens: limits.output }),
      supportsImages: seesImages(model),
      supportsPromptCache: false,
      ...(model.cost === null ? {} : { inputPrice: model.cost.input, outputPrice: model.cost.output }),
    },
  }
}
