import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { type RecordedRequest, type Script, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { geminiAnswerScript, geminiChunk, geminiStreamScript, textChunks } from '../../doubles/wires/gemini-upstream.ts'
import { messageBody, messageEvents, streamScript } from '../../doubles/wires/messages-upstream.ts'
import { responseBody, responsesScript } from '../../doubles/wires/responses-upstream.ts'

export interface CachedGateway {
  readonly upstream: Upstream
  readonly gateway: GatewayProcess
  stop(): Promise<void>
}

/** The real gateway with one model per wire at one upstream; `settings` are more sections of its config. */
export async function startCachedGateway(settings: string): Promise<CachedGateway> {
  const upstream = await startUpstream()
  const entry = (name: string, model: string) =>
    `  - model_name: ${name}\n    litellm_params: { model: ${model}, api_key: upstream-key, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 }`
  const wire = (name: string) => `  ${name}-only:\n    base_url: ${upstream.url}\n    wires: [${name}]`
  const config = [
    'model_list:',
    entry('chat-completions', 'openai-compatible-only/model'),
    entry('messages', 'anthropic-only/model'),
    entry('responses', 'openai-responses-only/model'),
    entry('gemini', 'gemini-only/model'),
    'providers:',
    ...['openai-compatible', 'anthropic', 'openai-responses', 'gemini'].map(wire),
    settings,
  ].join('\n')
  const gateway = await startGatewayProcess({ config }).catch(async (error: unknown) => {
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

/** "Hello." on whatever wire and in whatever form it is asked for. */
export function helloInKind({ path, json }: RecordedRequest): Script {
  const isStream = json?.stream === true || path.includes('streamGenerateContent')
  if (path.endsWith('/messages')) {
    const script = { blocks: [{ type: 'text', text: ['Hel', 'lo.'] }] } as const
    if (isStream) return streamScript(messageEvents(script))
    return jsonScript(messageBody(script))
  }
  if (path.endsWith('/responses')) {
    const script = { text: ['Hel', 'lo.'] }
    return isStream ? responsesScript(script) : jsonScript(responseBody(script))
  }
  if (path.includes('enerateContent')) {
    if (isStream) return geminiStreamScript(textChunks(['Hel', 'lo.']))
    const usage = { prompt: 20, candidates: 5 }
    return geminiAnswerScript(geminiChunk({ parts: [{ text: 'Hello.' }], finish: 'STOP', usage }))
  }
  if (path.endsWith('/embeddings')) return embeddings(json as unknown as { input: unknown })
  return isStream ? { kind: 'stream', text: ['Hel', 'lo.'] } : { kind: 'completion', text: 'Hello.' }
}

function jsonScript(body: object): Script {
  return { kind: 'raw', headers: { 'content-type': 'application/json' }, body: [JSON.stringify(body)] }
}

/** A vector per input that tells the input's length, in a spelling of its own, and a token per character. */
function embeddings({ input }: { readonly input: unknown }): Script {
  const inputs = (Array.isArray(input) ? input : [input]) as string[]
  const data = inputs.map(
    (text, index) => `{"object": "embedding","index":${index},"embedding":[${text.length}.0, 1e-05]}`,
  )
  const tokens = inputs.reduce((sum, text) => sum + text.length, 0)
  const text = `{"object":"list","data":[${data.join(', ')}],"model":"embedder","usage":{"prompt_tokens":${tokens},"total_tokens":${tokens}}}`
  return { kind: 'raw', headers: { 'content-type': 'application/json' }, body: [text] }
}
