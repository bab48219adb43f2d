import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { routerName } from './scripted-gateway.ts'
import { describeAgent } from './tool-turn.ts'

/** The binary of the platform's own package: the launcher beside it is put in place by an install script, which is not run. */
function claudeBinary(folder: string): string {
  const names = [
    `claude-code-${process.platform}-${process.arch}`,
    `claude-code-${process.platform}-${process.arch}-musl`,
  ]
  const file = process.platform === 'win32' ? 'claude.exe' : 'claude'
  const places = names.map((name) => join(folder, 'node_modules', '@anthropic-ai', name, file))
  const binary = places.find((place) => existsSync(place))
  if (binary === undefined) throw new Error(`Claude Code was installed without a binary for ${process.platform}.`)
  return binary
}

/** The router as Claude Code's picker finds it. */
const model = `claude-signalbox/${routerName}`

describeAgent(
  {
    name: 'claude-code',
    model,
    client: inject('clients').claude,
    session: /^[0-9a-f-]{36}$/u,
    files: () => ({}),
    command: (folder, prompt) => [claudeBinary(folder), '-p', prompt, '--allowedTools', 'Read'],
    environment: ({ url, key }) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_AUTH_TOKEN: key,
      ANTHROPIC_MODEL: model,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
    }),
    readCall: (path) => ({ name: 'Read', input: { file_path: path } }),
  },
  ['chat', 'responses'],
)
