import type { Agent, AgentPlace } from '../agent.ts'
import { ownFile, sourcing, variableFile } from '../own-files.ts'

/** Plain variables, in the names that SDKs and tools read: in a file of its own, as they would take over unrelated tools. */
export const environment: Agent = {
  id: 'env',
  name: 'Shell variables',
  kind: 'snippet',
  signs: () => ['sh', 'cmd'],
  files: (place) => [file(place)],
  plan: (_current, { place, url, model, key }) => ({
    changes: [
      {
        kind: 'own',
        path: file(place),
        secret: true,
        content: variableFile({
          OPENAI_BASE_URL: `${url}/v1`,
          // LiteLLM's older name, and Aider's.
          OPENAI_API_BASE: `${url}/v1`,
          OPENAI_API_KEY: key.secret,
          OPENAI_MODEL: model.name,
          ANTHROPIC_BASE_URL: url,
          ANTHROPIC_AUTH_TOKEN: key.secret,
          GOOGLE_GEMINI_BASE_URL: url,
          GEMINI_API_KEY: key.secret,
        }),
      },
    ],
    notes: ['In one shell only: put into a profile, these would send every tool’s requests to the gateway.'],
    snippet: sourcing(file(place)),
  }),
}

function file(place: AgentPlace): string {
  return ownFile(place, 'signalbox.env')
}
