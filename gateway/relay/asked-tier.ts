import { readServiceTier, type Usage } from '../model/usage.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { RelayRequest } from './relay-request.ts'

/**
 * The usage with the service tier that was asked for, where the answer does not say how it was run (Gemini). What the
 * client asks for goes before what the deployment adds; the word of the answer before both.
 */
export function withAskedTier(usage: Usage, { body, fields }: RelayRequest, candidate: Candidate): Usage {
  if (usage.serviceTier !== undefined) return usage
  const span = fields.get('service_tier') ?? fields.get('serviceTier')
  // Nothing longer than a name is one.
  const written = span === undefined || span.valueEnd - span.valueStart > 60 ? undefined : textOf(body, span)
  const serviceTier = readServiceTier(written ?? candidate.defaults.service_tier)
  return serviceTier === undefined || serviceTier === 'standard' ? usage : { ...usage, serviceTier }
}

function textOf(body: Buffer, span: { readonly valueStart: number; readonly valueEnd: number }): unknown {
  return JSON.parse(body.toString('utf8', span.valueStart, span.valueEnd))
}
