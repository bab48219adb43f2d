import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { claudeBinary } from './claude-binary.ts'
import { createClientHome } from './client-home.ts'
import { routerName, type ScriptedGateway, startScriptedGateway } from './scripted-gateway.ts'
import { describeAgent } from './tool-turn.ts'

/** The router as Claude Code's picker finds it. */
const model = `claude-signalbox/${routerName}`

const client = inject('clients').claude

const environment = ({ url, key }: ScriptedGateway) => ({
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_AUTH_TOKEN: key,
  ANTHROPIC_MODEL: model,
  ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
  DISABLE_AUTOUPDATER: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
})

describeAgent(
  {
    name: 'claude-code',
    model,
    client,
    session: /^[0-9a-f-]{36}$/u,
    files: () => ({}),
    command: (folder, prompt) => [claudeBinary(folder), '-p', prompt, '--allowedTools', 'Read'],
    environment: (gateway) => ({ ...environment(gateway), CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' }),
    readCall: (path) => ({ name: 'Read', input: { file_path: path } }),
  },
  ['chat', 'responses'],
)

describe.skipIf(!client.installed)("Claude Code's discovery", () => {
  test('keeps every router and model in its list for the picker', async () => {
    const gateway = await startScriptedGateway('chat')
    const home = createClientHome({
      name: 'claude-discovery',
      proxy: gateway.proxy,
      project: { 'note.txt': 'A note.' },
    })
    try {
      gateway.play({
        call: {
          call: { name: 'Read', input: { file_path: join(home.project, 'note.txt') } },
          usage: { input: 1500, output: 30 },
        },
        answer: { text: ['Done.'], usage: { input: 2000, output: 7 } },
      })
      const command = [
        claudeBinary(client.installed ? client.folder : ''),
        '-p',
        'Read note.txt',
        '--allowedTools',
        'Read',
      ]
      const run = await home.run(command, {
        ...environment(gateway),
        CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1',
      })
      expect(run).toMatchObject({ code: 0, answer: 'Done.\n' })
      const list = JSON.parse(
        readFileSync(join(home.home, '.claude', 'cache', 'gateway-models.json'), 'utf8'),
      ) as object
      expect(list).toMatchObject({
        models: [
          { id: model, display_name: routerName },
          { id: 'claude-signalbox/quick', display_name: 'quick' },
          { id: 'claude-signalbox/strong', display_name: 'strong' },
        ],
      })
    } finally {
      home.remove()
      await gateway.close()
    }
  })
})
