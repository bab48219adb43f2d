import { join } from 'node:path'
import { inject } from 'vitest'
import { routerName } from './scripted-gateway.ts'
import { describeAgent } from './tool-turn.ts'

describeAgent(
  {
    name: 'codex',
    client: inject('clients').codex,
    session: /^[0-9a-f-]{36}$/u,
    files: ({ url }) => ({
      '.codex/config.toml': `
model = "${routerName}"
model_provider = "signalbox"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.signalbox]
name = "Signalbox"
base_url = "${url}/v1"
env_key = "SIGNALBOX_API_KEY"
wire_api = "responses"
`,
    }),
    command: (folder, prompt) => [
      process.execPath,
      join(folder, 'node_modules', '@openai', 'codex', 'bin', 'codex.js'),
      'exec',
      '--skip-git-repo-check',
      // The sandbox is the agent's own and needs privileges that a container lacks.
      '--dangerously-bypass-approvals-and-sandbox',
      prompt,
    ],
    environment: ({ key }) => ({ SIGNALBOX_API_KEY: key }),
    readCall: (path) => ({ name: 'exec_command', input: { cmd: `cat ${path}` } }),
  },
  ['messages', 'gemini'],
)
