import { join } from 'node:path'
import type { JsonObject } from '../../model/json.ts'
import type { Agent, AgentPlace, CurrentFiles, ExportFacts, Setting } from '../agent.ts'
import { part } from '../free-id.ts'
import { readFileCommand } from '../key-command.ts'
import { readContent } from '../read-content.ts'
import { patienceMs, smallestLimits } from '../model-text.ts'

/** Variables under which Claude Code would send another key than ours, in its own settings. */
const otherKeys = ['ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY']

/** Claude Code: variables in its settings, the key by a command. */
export const claudeCode: Agent = {
  id: 'claude-code',
  name: 'Claude Code',
  signs: (place) => [folder(place), join(place.home, '.claude.json'), 'claude'],
  files: (place) => [settingsFile(place)],
  plan(current, facts) {
    const path = settingsFile(facts.place)
    return {
      changes: [{ kind: 'edit', path, format: 'jsonc', settings: settingsOf(current, path, facts) }],
      notes: [
        'If your shell sets ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN, unset it: Claude Code would send it to the gateway as well, and may prefer it.',
        'Claude Code knows one window for all models: it is told the smallest of the chosen ones.',
      ],
    }
  },
}

function folder({ home, environment }: AgentPlace): string {
  return environment['CLAUDE_CONFIG_DIR'] ?? join(home, '.claude')
}

function settingsFile(place: AgentPlace): string {
  return join(folder(place), 'settings.json')
}

function settingsOf(current: CurrentFiles, path: string, facts: ExportFacts): Setting[] {
  const content = readContent(current, path, 'jsonc')
  const replaced = otherKeys.filter((name) => part(content, 'env', name) !== undefined)
  return [
    { path: ['apiKeyHelper'], value: readFileCommand(facts) },
    ...Object.entries(variables(facts)).map(([name, value]) => ({ path: ['env', name], value })),
    ...replaced.map((name) => ({ path: ['env', name] })),
  ]
}

function variables({ url, model, smallModel }: ExportFacts): JsonObject {
  const limits = smallestLimits([model, smallModel])
  return {
    // Claude Code adds /v1 itself.
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_MODEL: model.name,
    ANTHROPIC_DEFAULT_OPUS_MODEL: model.name,
    ANTHROPIC_DEFAULT_SONNET_MODEL: model.name,
    ANTHROPIC_DEFAULT_FABLE_MODEL: model.name,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: smallModel.name,
    CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1',
    API_TIMEOUT_MS: String(patienceMs),
    ...(limits === undefined
      ? {}
      : {
          CLAUDE_CODE_MAX_CONTEXT_TOKENS: String(limits.context),
          CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(limits.output),
        }),
  }
}
