import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { type RecordedRequest, type Script, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'

/** A gateway with one model behind chat completions and one behind Messages alone, both at the same upstream. */
export async function startTwoWires(): Promise<{ readonly upstream: Upstream; readonly gateway: GatewayProcess }> {
  const upstream = await startUpstream()
  const config = `
model_list:
  - model_name: chat-wire
    litellm_params: { model: openai/upstream-chat, api_base: "${upstream.url}", api_key: upstream-key }
  - model_name: messages-wire
    litellm_params: { model: messages-only/claude-upstream, api_key: upstream-key }
providers:
  messages-only:
    base_url: ${upstream.url}
    wires: [anthropic]
signalbox:
  body_limit_mb: 6
`
  const gateway = await startGatewayProcess({ config }).catch(async (error: unknown) => {
    await upstream.close()
    throw error
  })
  return { upstream, gateway }
}

/** The chat upstream's own answer, or the same one on the Messages wire. */
export function helloOnAnyWire({ path, json }: RecordedRequest): Script {
  if (path.endsWith('/messages')) {
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-upstream',
      content: [{ type: 'text', text: 'Hello.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 3, output_tokens: 2 },
    }
    return { kind: 'raw', headers: { 'content-type': 'application/json' }, body: [JSON.stringify(message)] }
  }
  return json?.stream === true ? { kind: 'stream', text: ['Hel', 'lo.'] } : { kind: 'completion', text: 'Hello.' }
}
