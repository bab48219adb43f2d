import { join } from 'node:path'
import { inject } from 'vitest'
import { routerName } from './scripted-gateway.ts'
import { describeAgent } from './tool-turn.ts'

describeAgent(
  {
    name: 'gemini-cli',
    client: inject('clients').gemini,
    session: null,
    files: () => ({
      '.gemini/settings.json': JSON.stringify({
        security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
        model: { name: routerName },
        general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
      }),
    }),
    command: (folder, prompt) => [
      process.execPath,
      join(folder, 'node_modules', '@google', 'gemini-cli', 'bundle', 'gemini.js'),
      '--approval-mode',
      'yolo',
      '-p',
      prompt,
    ],
    environment: ({ url, key }) => ({
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_API_KEY: key,
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
    }),
    readCall: (path) => ({ name: 'read_file', input: { file_path: path } }),
  },
  ['messages', 'chat'],
)
