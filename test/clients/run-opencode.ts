import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClosedProxy } from './closed-proxy.ts'

export interface OpencodeRun {
  readonly code: number | null
  /** What a person sees as the answer. */
  readonly answer: string
  readonly errors: string
}

export interface OpencodeOptions {
  /** Folder of `installClient`. */
  readonly client: string
  /** Origin of the gateway. */
  readonly gateway: string
  readonly key: string
  readonly model: string
  /** Files of the project folder that opencode works in. */
  readonly files?: Readonly<Record<string, string>>
  readonly proxy: ClosedProxy
}

/** A home and a project folder for opencode, apart from the user's own. */
export interface OpencodeHome {
  readonly project: string
  /** `opencode run <prompt>`; killed after 100 s. */
  run(prompt: string): Promise<OpencodeRun>
  remove(): void
}

export function createOpencodeHome(options: OpencodeOptions): OpencodeHome {
  const home = mkdtempSync(join(tmpdir(), 'signalbox-opencode-'))
  const project = join(home, 'project')
  mkdirSync(join(home, '.config', 'opencode'), { recursive: true })
  mkdirSync(project)
  for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(project, name), text)
  writeFileSync(join(home, '.config', 'opencode', 'opencode.json'), JSON.stringify(opencodeConfig(options), null, 2))

  return {
    project,
    run: (prompt) => runOpencode(options, home, project, prompt),
    remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }),
  }
}

/** The provider block as opencode's documentation gives it for an OpenAI-compatible endpoint; the key stays in the environment. */
function opencodeConfig(options: OpencodeOptions): unknown {
  return {
    $schema: 'https://opencode.ai/config.json',
    autoupdate: false,
    share: 'disabled',
    provider: {
      signalbox: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Signalbox',
        options: { baseURL: `${options.gateway}/v1`, apiKey: '{env:SIGNALBOX_API_KEY}' },
        models: {
          [options.model]: { name: 'Test router', tool_call: true, limit: { context: 200_000, output: 32_000 } },
        },
      },
    },
    model: `signalbox/${options.model}`,
    small_model: `signalbox/${options.model}`,
  }
}

function runOpencode(options: OpencodeOptions, home: string, project: string, prompt: string): Promise<OpencodeRun> {
  const child = spawn(opencodeBinary(options.client), ['run', prompt], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...options.proxy.environment,
      PATH: process.env.PATH ?? '',
      HOME: home,
      USERPROFILE: home,
      NO_COLOR: '1',
      SIGNALBOX_API_KEY: options.key,
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
      OPENCODE_DISABLE_SHARE: '1',
    },
  })
  let answer = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answer += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const deadline = setTimeout(() => child.kill('SIGKILL'), 100_000)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(deadline)
      resolve({ code, answer, errors })
    })
  })
}

/** The binary of the platform's own package: the launcher beside it needs an install script, which is not run. */
function opencodeBinary(client: string): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const file = process.platform === 'win32' ? 'opencode.exe' : 'opencode'
  const plain = `opencode-${platform}-${process.arch}`
  // The baseline build runs on processors without AVX2 too.
  const places = [`${plain}-baseline`, plain].map((name) => join(client, 'node_modules', name, 'bin', file))
  const binary = places.find((place) => existsSync(place))
  if (binary === undefined)
    throw new Error(`opencode-ai was installed without a binary for ${platform} ${process.arch}.`)
  return binary
}
