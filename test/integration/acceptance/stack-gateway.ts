import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type GatewayProcess, type GatewayProcessOptions, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { startUpstream, type Upstream } from '../../doubles/upstream-server.ts'

const configs = join(import.meta.dirname, '..', '..', 'fixtures', 'configs')

/** The provider keys of the stack's `.env`; DATABASE_URL is left unset on purpose. */
export const stackKeys = {
  OPENAI_API_KEY: 'openai-key',
  ANTHROPIC_API_KEY: 'anthropic-key',
  GEMINI_API_KEY: 'gemini-key',
  MISTRAL_API_KEY: 'mistral-key',
  OPENCODE_GO_API_KEY: 'opencode-go-key',
} as const

/** The stack's config with every deployment pointed at a local upstream and nothing else changed. */
export function stackConfig(upstreamUrl: string): string {
  return readFileSync(join(configs, 'seed-stack.yaml'), 'utf8')
    .split('\n')
    .filter((line) => !/^\s+api_base:/.test(line))
    .flatMap((line) => {
      const indent = /^(\s+)model: "?(?!auto_router\/)\S+\/\S+/.exec(line)?.[1]
      return indent === undefined ? [line] : [line, `${indent}api_base: ${upstreamUrl}`]
    })
    .join('\n')
}

export interface StackGateway {
  readonly upstream: Upstream
  readonly gateway: GatewayProcess
  stop(): Promise<void>
}

/** The whole stack on loopback: the real gateway and one upstream that plays all five providers. */
export async function startStackGateway(options: GatewayProcessOptions = {}): Promise<StackGateway> {
  const upstream = await startUpstream()
  const gateway = await startGatewayProcess({
    config: stackConfig(upstream.url),
    files: { 'providers.json': readFileSync(join(configs, 'providers.json'), 'utf8') },
    ...options,
    environment: { ...stackKeys, ...options.environment },
  }).catch(async (error: unknown) => {
    await upstream.close()
    throw error
  })
  return {
    upstream,
    gateway,
    stop: async () => {
      await gateway.remove()
      await upstream.close()
    },
  }
}

/** A small config: one model on a local upstream, priced, with more members of its entry where a test needs them. */
export function oneModelConfig(upstreamUrl: string, more = ''): string {
  return `
model_list:
  - model_name: small
    litellm_params:
      model: openai/small-upstream
      api_base: ${upstreamUrl}
      api_key: upstream-key
      input_cost_per_token: 0.00000015
      output_cost_per_token: 0.00000060
${more}`
}

/** The members of a chat request that say `prompt`. */
export function chat(model: string, prompt: string, members: Record<string, unknown> = {}): RequestInit {
  return {
    method: 'POST',
    body: JSON.stringify({ model, messages: [{ role: 'user', content: prompt }], ...members }),
  }
}

export const chatPath = '/v1/chat/completions'
