import type { Deployment } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'
import type { UpstreamDispatcher } from '../../upstream/dispatch.ts'
import type { UpstreamRequest } from '../../upstream/upstream-exchange.ts'
import type { ModelCall, Provider, TranslatedCall } from '../provider.ts'
import { buildOllamaBody, type OllamaRequest } from './build-body.ts'
import { wasCut } from './context-size.ts'
import { readOllamaFailure } from './ollama-failure.ts'
import { OllamaReader, type OllamaReading, readOllamaAnswer } from './ollama-reader.ts'

interface Dependencies {
  readonly upstream: UpstreamDispatcher
  readonly userAgent: string
}

/**
 * Ollama's own API, `/api/chat`. Its OpenAI-compatible one knows no `num_ctx` and cuts prompts without a word, so it serves
 * embeddings and servers that have nothing else only. No client speaks this wire: every call is a translation.
 */
export function createOllamaProvider(dependencies: Dependencies): Provider {
  // Every change of num_ctx loads the model anew: what was raised once stays raised while this process runs.
  const raised = new Map<string, number>()
  return {
    adapter: 'ollama',
    wire: undefined,
    prepareNative: ({ deployment }) => {
      throw new GatewayError('internal_error', `${deployment.provider}: no client speaks Ollama's own wire.`)
    },
    prepareModel: (call) => prepareModel(call, raised, dependencies),
  }
}

function prepareModel(call: ModelCall, raised: Map<string, number>, dependencies: Dependencies): TranslatedCall {
  const { deployment, request } = call
  const key = `${deployment.baseUrl} ${deployment.upstreamModel}`
  const written = buildOllamaBody(call, raised.get(key))
  const { numCtx } = written.context
  if (numCtx !== undefined && written.context.written === undefined) raised.set(key, numCtx)
  const upstreamRequest = requestFor(deployment, request.stream, written, dependencies)
  const reading = readingOf(call, written)
  return {
    warnings: written.warnings,
    send: (sink) => dependencies.upstream.send(upstreamRequest, sink),
    openReader: () => new OllamaReader(reading),
    readAnswer: (body) => readOllamaAnswer(reading, body),
    readFailure: (status, headers, body) => readOllamaFailure(deployment, status, headers, body),
  }
}

function readingOf({ deployment, request }: ModelCall, { names, context }: OllamaRequest): OllamaReading {
  const custom = request.tools.filter((tool) => tool.type === 'custom')
  return {
    name: deployment,
    names,
    customTools: new Set(custom.map((tool) => names.flat(tool))),
    judgePrompt: (tokensRead) =>
      wasCut(tokensRead, context.effective, context)
        ? `the prompt was cut: ${tokensRead} of about ${context.inputAtMost} tokens fit the context of ${context.effective}`
        : undefined,
  }
}

function requestFor(
  deployment: Deployment,
  stream: boolean,
  { body }: OllamaRequest,
  { userAgent }: Dependencies,
): UpstreamRequest {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: stream ? 'application/x-ndjson' : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': userAgent,
    ...deployment.headers,
  }
  if (deployment.apiKey.kind === 'value') headers.authorization = `Bearer ${deployment.apiKey.secret.reveal()}`
  return {
    method: 'POST',
    url: `${deployment.baseUrl}/api/chat`,
    headers,
    body: Buffer.from(JSON.stringify(body)),
    connectMs: deployment.deadlines.connectMs,
  }
}
