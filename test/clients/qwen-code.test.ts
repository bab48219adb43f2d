import { join } from 'node:path'
import { inject } from 'vitest'
import { routerName } from './scripted-gateway.ts'
import { describeAgent } from './tool-turn.ts'

describeAgent(
  {
    name: 'qwen-code',
    client: inject('clients').qwen,
    session: null,
    files: ({ url }) => ({
      '.qwen/settings.json': JSON.stringify({
        security: { auth: { selectedType: 'openai' } },
        model: { name: routerName },
        general: { enableAutoUpdate: false, disableAutoUpdate: true },
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
        modelProviders: {
          openai: [
            {
              id: routerName,
              name: 'Test router',
              envKey: 'SIGNALBOX_API_KEY',
              baseUrl: `${url}/v1`,
              generationConfig: { contextWindowSize: 200_000, samplingParams: { max_tokens: 16_000 } },
            },
          ],
        },
      }),
    }),
    command: (folder, prompt) => [
      process.execPath,
      join(folder, 'node_modules', '@qwen-code', 'qwen-code', 'cli-entry.js'),
      '--approval-mode',
      'yolo',
      '-p',
      prompt,
    ],
    environment: ({ key }) => ({ SIGNALBOX_API_KEY: key }),
    readCall: (path) => ({ name: 'read_file', input: { file_path: path } }),
  },
  ['messages', 'gemini'],
)
