import type { RequestView } from '../../gateway/contract/requests.ts'
import { type GatewayProcess, startGatewayProcess } from '../doubles/gateway-process.ts'
import type { RecordedRequest } from '../doubles/upstream/recorded-request.ts'
import { startUpstream, type Upstream } from '../doubles/upstream-server.ts'
import { type ClosedProxy, startClosedProxy } from './closed-proxy.ts'
import { carriesToolResult, hasTools, type Turn, turnScript, type Wire } from './scripted-turns.ts'

/** Name of the complexity router in front of the scripted upstream. */
export const routerName = 'coding-router'

export interface ScriptedGateway {
  readonly url: string
  readonly key: string
  readonly proxy: ClosedProxy
  /** Requests that offered tools, in order: the client's main conversation. */
  mainRequests(): RecordedRequest[]
  /** Every request that reached the upstream. */
  readonly requests: readonly RecordedRequest[]
  /** The model asks for `call`, and speaks `answer` once its result is there. Requests without tools get `aside`. */
  play(script: { readonly call?: Turn; readonly answer: Turn; readonly aside?: string }): void
  /** The ledger rows with this many input tokens. */
  rows(inputTokens: number): Promise<RequestView[]>
  /** Forgets requests and scripts of the test before. */
  reset(): void
  close(): Promise<void>
}

/** The real gateway with a complexity router before one scripted upstream of the given wire, and no other network. */
export async function startScriptedGateway(wire: Wire): Promise<ScriptedGateway> {
  const upstream = await startUpstream()
  const proxy = await startClosedProxy()
  const gateway: GatewayProcess = await startGatewayProcess({ config: routedConfig(wire, upstream) })
  const mainRequests = () => upstream.requests.filter(hasTools)
  return {
    url: gateway.url,
    key: gateway.masterKey,
    proxy,
    requests: upstream.requests,
    mainRequests,
    play: ({ call, answer, aside = 'A short title' }) => {
      const other: Turn = { text: [aside], usage: { input: 11, output: 3 } }
      upstream.reply((request) => {
        // Another vendor's server knows no other wire than its own.
        if (!wires[wire].path.test(request.path)) return { kind: 'error', status: 404, message: 'No such path.' }
        const turn = call === undefined || carriesToolResult(request) ? answer : call
        return turnScript(wire, hasTools(request) ? turn : other, request)
      })
    },
    rows: async (inputTokens) => (await gateway.recorded()).filter((row) => row.usage?.inputTokens === inputTokens),
    reset: () => upstream.reset(),
    close: async () => {
      await gateway.remove()
      await proxy.close()
      await upstream.close()
    },
  }
}

/** How each wire is configured: its name in a `providers:` block, the end of its base URL, and the path of its requests. */
const wires: Readonly<Record<Wire, { readonly name: string; readonly base: string; readonly path: RegExp }>> = {
  chat: { name: 'openai-compatible', base: '/v1', path: /^\/v1\/chat\/completions$/u },
  responses: { name: 'openai-responses', base: '/v1', path: /^\/v1\/responses$/u },
  messages: { name: 'anthropic', base: '/v1', path: /^\/v1\/messages$/u },
  gemini: { name: 'gemini', base: '/v1beta', path: /^\/v1beta\/models\/[\w-]+:(?:stream)?[gG]enerateContent/u },
}

function routedConfig(wire: Wire, upstream: Upstream): string {
  const { name, base } = wires[wire]
  return `
providers:
  scripted: { base_url: "${upstream.origin}${base}", wires: [${name}] }
model_list:
  - model_name: ${routerName}
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers: { SIMPLE: quick, MEDIUM: quick, COMPLEX: strong, REASONING: strong }
  - { model_name: quick, litellm_params: { model: scripted/quick-upstream, api_key: upstream-key } }
  - { model_name: strong, litellm_params: { model: scripted/strong-upstream, api_key: upstream-key } }
`
}
