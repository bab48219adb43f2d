import { join } from 'node:path'
import type { Agent, AgentPlace } from '../agent.ts'

/** Gemini CLI: its own file of variables, which it reads wherever it is started from, and a fixed model. */
export const geminiCli: Agent = {
  id: 'gemini-cli',
  name: 'Gemini CLI',
  signs: (place) => [folder(place), 'gemini'],
  files: (place) => [variables(place), settings(place)],
  plan: (_current, { place, url, model, key }) => ({
    changes: [
      {
        kind: 'edit',
        path: variables(place),
        format: 'dotenv',
        secret: true,
        settings: [
          // It adds /v1beta itself.
          { path: ['GOOGLE_GEMINI_BASE_URL'], value: url },
          { path: ['GEMINI_API_KEY'], value: key.secret },
        ],
      },
      {
        kind: 'edit',
        path: settings(place),
        format: 'jsonc',
        settings: [
          { path: ['security', 'auth', 'selectedType'], value: 'gemini-api-key' },
          // Without a fixed model each prompt first asks one of Google's small ones which model to take.
          { path: ['model', 'name'], value: model.name },
        ],
      },
    ],
    notes: [
      'Gemini CLI has no small model, no limits and no prices in its files: the router decides, and the gateway keeps the limits.',
      'A `.env` in a project or GEMINI_API_KEY in the shell goes before ~/.gemini/.env.',
    ],
  }),
}

function folder({ home }: AgentPlace): string {
  return join(home, '.gemini')
}

function variables(place: AgentPlace): string {
  return join(folder(place), '.env')
}

function settings(place: AgentPlace): string {
  return join(folder(place), 'settings.json')
}
