import { join } from 'node:path'
import type { Agent, AgentPlace, ExportFacts } from '../agent.ts'
import { patienceMs } from '../model-text.ts'

const provider = 'openai-compatible'

/** Cline's CLI: one model, and the key in its own file, which knows no reference to it. */
export const cline: Agent = {
  id: 'cline',
  name: 'Cline CLI',
  signs: (place) => [join(place.home, '.cline'), 'cline'],
  files: (place) => [file(place)],
  plan: (current, facts) => ({
    changes: [
      {
        kind: 'edit',
        path: file(facts.place),
        format: 'jsonc',
        secret: true,
        settings: [
          ...(current.has(file(facts.place))
            ? []
            : [
                { path: ['version'], value: 1 },
                { path: ['modes'], value: {} },
              ]),
          { path: ['lastUsedProvider'], value: provider },
          { path: ['providers', provider], value: entry(facts) },
        ],
      },
    ],
    notes: [
      'A hub of Cline that still runs keeps its old settings: end it.',
      'The VS Code extension keeps keys in secret storage, which no file reaches: choose OpenAI Compatible there, with the same URL, key and model.',
    ],
  }),
}

function file({ home }: AgentPlace): string {
  return join(home, '.cline', 'data', 'settings', 'providers.json')
}

function entry({ url, model, key }: ExportFacts) {
  return {
    settings: { provider, apiKey: key.secret, model: model.name, baseUrl: `${url}/v1`, timeout: patienceMs },
    // Wanted by its schema. A real moment would make each export another one.
    updatedAt: '1970-01-01T00:00:00.000Z',
    tokenSource: 'manual',
  }
}
