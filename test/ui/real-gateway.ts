import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createControlClient } from '../../gateway/contract/control-client.ts'
import { createGateway } from '../../gateway/index.ts'
import { createLogger } from '../../gateway/logging/logger.ts'
import { createMemoryStore } from '../../gateway/secrets/memory-store.ts'
import { startUpstream } from '../doubles/upstream-server.ts'

export type RealGateway = Awaited<ReturnType<typeof startRealGateway>>

export interface RealGatewayOptions {
  /** The config file, given the scripted upstream's address; default: one priced model on it. */
  readonly config?: (upstreamUrl: string) => string
  readonly environment?: Readonly<Record<string, string>>
  /** Ports of this machine that local servers are looked for at; default: nowhere. */
  readonly discovery?: readonly number[]
}

/** The assembled gateway in this process, serving the built interface, with one priced model on a scripted upstream. */
export async function startRealGateway(uiDirectory: string, options: RealGatewayOptions = {}) {
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-interface-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const upstream = await startUpstream()
  stack.defer(() => upstream.close())
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir, { mode: 0o700 })
  const configPath = join(folder, 'config.yaml')
  writeFileSync(configPath, (options.config ?? configText)(upstream.url))
  const masterKey = 'sk-master-of-the-interface-tests'
  const gateway = createGateway({
    configPath,
    dataDir,
    port: 0,
    version: '0.0.0-test',
    environment: { LITELLM_MASTER_KEY: masterKey, ...options.environment },
    secretStore: createMemoryStore(),
    logger: createLogger({ level: 'error', file: undefined, terminal: undefined }),
    uiDirectory,
    discovery: options.discovery ?? false,
  })
  const { url, controlToken } = await gateway.start()
  stack.defer(() => gateway.stop(0))
  const client = createControlClient({ baseUrl: url, token: () => controlToken, fetch })
  const opened = stack.move()
  return {
    url,
    masterKey,
    configPath,
    client,
    link: async () => (await client.uiLink()).url,
    /** Asks the model as an agent would; gives the status. */
    ask: async (key: string, prompt = 'hello', model = 'small'): Promise<number> => {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: prompt }] }),
      })
      await response.arrayBuffer()
      return response.status
    },
    stop: () => opened.disposeAsync(),
  }
}

/** Dear enough that one answer is whole cents. */
function configText(upstreamUrl: string): string {
  return `
model_list:
  - model_name: small
    litellm_params:
      model: openai/small-upstream
      api_base: ${upstreamUrl}
      api_key: upstream-key
      input_cost_per_token: 0.01
      output_cost_per_token: 0.01
`
}
