import { join } from 'node:path'
import type { Agent } from '../agent.ts'

/** Cursor: words only. Its requests come from its own servers, and its settings lie in a database that is not ours to edit. */
export const cursor: Agent = {
  id: 'cursor',
  name: 'Cursor',
  kind: 'unreachable',
  isKeyless: true,
  signs: (place) => [join(place.home, '.cursor'), 'cursor'],
  files: () => [],
  plan: (_current, { url, model }) => ({
    changes: [],
    notes: [
      `Cursor sends requests from its own servers: ${url} on your machine cannot be reached from there, and neither can an address of your network.`,
      'With a public HTTPS address in front of the gateway: Settings, Models, API Keys; paste a key of `signalbox keys create --alias cursor` under OpenAI API Key, switch Override OpenAI Base URL on, and enter that address with /v1 at its end.',
      `Then add ${model.name} as a model. The override holds for all OpenAI models, needs a paid plan, and Tab does not use it.`,
    ],
  }),
}
