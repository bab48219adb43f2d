import { join } from 'node:path'
import type { Agent, AgentPlace, ExportFacts } from '../agent.ts'
import { readFileCommand } from '../key-command.ts'
import { inputBesideOutput, limitsOf } from '../model-text.ts'
import { ownFile, sourcing } from '../own-files.ts'

/** Copilot CLI takes variables only: they lie in a file of ours that a shell takes over. */
export const copilotCli: Agent = {
  id: 'copilot-cli',
  name: 'Copilot CLI',
  signs: (place) => [join(place.home, '.copilot'), 'copilot'],
  files: (place) => [file(place)],
  plan: (_current, facts) => ({
    changes: [{ kind: 'own', path: file(facts.place), content: shellFile(facts) }],
    notes: ['It has one model at a time: --model chooses another one of the gateway.'],
    snippet: `${sourcing(file(facts.place))}; copilot`,
  }),
}

function file(place: AgentPlace): string {
  return ownFile(place, 'copilot-cli.sh')
}

function shellFile(facts: ExportFacts): string {
  const { url, model } = facts
  const limits = limitsOf(model)
  const values = {
    COPILOT_PROVIDER_TYPE: 'openai',
    // With /v1; the type `anthropic` would want it without.
    COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
    COPILOT_PROVIDER_WIRE_API: 'completions',
    COPILOT_PROVIDER_API_KEY_COMMAND: readFileCommand(facts),
    COPILOT_MODEL: model.name,
    COPILOT_OFFLINE: 'true',
    ...(limits === undefined
      ? {}
      : {
          COPILOT_PROVIDER_MAX_PROMPT_TOKENS: String(inputBesideOutput(model)),
          COPILOT_PROVIDER_MAX_OUTPUT_TOKENS: String(limits.output),
        }),
  }
  return Object.entries(values)
    .map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('')
}
