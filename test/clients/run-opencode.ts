import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type ClientHome, type ClientRun, createClientHome } from './client-home.ts'
import type { ClosedProxy } from './closed-proxy.ts'

/** The AI SDK packages that opencode holds, one for each wire. */
export type OpencodePackage = '@ai-sdk/openai-compatible' | '@ai-sdk/openai' | '@ai-sdk/anthropic' | '@ai-sdk/google'

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
  /** What speaks to the gateway; chat completions unless given. */
  readonly wirePackage?: OpencodePackage
}

/** A home and a project folder for opencode, apart from the user's own. */
export interface OpencodeHome extends Pick<ClientHome, 'project' | 'remove'> {
  /** `opencode run <prompt>`; killed after 100 s. */
  run(prompt: string): Promise<ClientRun>
}

/** Keeps opencode from asking for anything that no test gives it. */
export const offline = {
  OPENCODE_DISABLE_AUTOUPDATE: '1',
  OPENCODE_DISABLE_MODELS_FETCH: '1',
  OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
  OPENCODE_DISABLE_SHARE: '1',
} as const

export function createOpencodeHome(options: OpencodeOptions): OpencodeHome {
  const home = createClientHome({
    name: 'opencode',
    proxy: options.proxy,
    files: { '.config/opencode/opencode.json': JSON.stringify(opencodeConfig(options), null, 2) },
    project: options.files ?? {},
  })
  return {
    project: home.project,
    run: (prompt) =>
      home.run([opencodeBinary(options.client), 'run', prompt], {
        SIGNALBOX_API_KEY: options.key,
        ...offline,
      }),
    remove: () => home.remove(),
  }
}

/** The provider block as opencode's documentation gives it for an endpoint of one's own; the key stays in the environment. */
function opencodeConfig({ gateway, model, wirePackage = '@ai-sdk/openai-compatible' }: OpencodeOptions): unknown {
  const version = wirePackage === '@ai-sdk/google' ? 'v1beta' : 'v1'
  return {
    $schema: 'https://opencode.ai/config.json',
    autoupdate: false,
    share: 'disabled',
    provider: {
      signalbox: {
        npm: wirePackage,
        name: 'Signalbox',
        options: { baseURL: `${gateway}/${version}`, apiKey: '{env:SIGNALBOX_API_KEY}' },
        models: { [model]: { name: 'Test router', tool_call: true, limit: { context: 200_000, output: 32_000 } } },
      },
    },
    model: `signalbox/${model}`,
    small_model: `signalbox/${model}`,
  }
}

/** The binary of the platform's own package: the launcher beside it needs an install script, which is not run. */
export function opencodeBinary(client: string): string {
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
