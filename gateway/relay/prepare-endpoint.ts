import type { Deployment } from '../config/gateway-config.ts'
import { GatewayError } from '../model/errors.ts'
import type { PreparedCall } from '../providers/provider.ts'
import type { ProviderRegistry } from '../providers/registry.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { RelayRequest } from './relay-request.ts'

/**
 * Makes the request of an endpoint that is no conversation ready, on the first wire of the deployment that has such
 * endpoints. `asKnown` adds what is known of a wire.
 * @throws GatewayError `unsupported_model` where none has
 */
export function prepareEndpoint(
  request: RelayRequest,
  { deployment, defaults }: Candidate,
  providers: ProviderRegistry,
  asKnown: (wire: Deployment) => Deployment,
): { readonly wire: Deployment; readonly call: PreparedCall } {
  const { facts, body, fields, dialectHeaders, form, method = 'POST', endpoint: path = '' } = request
  for (const each of [deployment, ...deployment.alternatives]) {
    const wire = asKnown(each)
    const call = providers[wire.adapter].prepareEndpoint?.({
      deployment: wire,
      body,
      fields,
      stream: facts.stream,
      defaults,
      dialectHeaders,
      method,
      path,
      ...(form === undefined ? {} : { form }),
    })
    if (call !== undefined) return { wire, call: reshaped(call, request) }
  }
  throw new GatewayError(
    'unsupported_model',
    `${facts.model} is a model of ${deployment.provider}, whose API has no ${path}. Ask a model of an OpenAI-compatible provider.`,
    { param: 'model' },
  )
}

/** The call with what `reshape` makes of its answer. */
function reshaped(call: PreparedCall, { reshape }: RelayRequest): PreparedCall {
  if (reshape === undefined) return call
  return {
    warnings: call.warnings,
    send: (sink) => call.send(sink),
    openStream: () => call.openStream(),
    readFailure: (status, headers, body) => call.readFailure(status, headers, body),
    readAnswer: (body, headers) => {
      const answer = call.readAnswer(body, headers)
      return { ...answer, body: reshape(answer.body) }
    },
  }
}
