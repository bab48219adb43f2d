import { createHash } from 'node:crypto'
import type { Deployment } from '../config/gateway-config.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { RelayRequest } from './relay-request.ts'

/**
 * The deployment with the header that its upstream wants to tell conversations apart (OpenCode refuses requests without
 * one). The value is the same for all turns of a conversation: a digest of the client's own session id, else of the
 * caller and of how the conversation begins. A header of the configuration wins. Pure.
 */
export function withSession(
  deployment: Deployment,
  request: Pick<RelayRequest, 'caller' | 'facts' | 'callId'>,
): Deployment {
  const { sessionHeader, headers } = deployment
  if (sessionHeader === undefined || headers[sessionHeader] !== undefined) return deployment
  return { ...deployment, headers: { ...headers, [sessionHeader]: sessionOf(request) } }
}

function sessionOf({ caller, facts, callId }: Pick<RelayRequest, 'caller' | 'facts' | 'callId'>): string {
  const beginning = facts.userTurns?.at(-1) ?? facts.userText
  const known = caller.sessionId ?? (beginning === '' ? callId : `${facts.systemText}\n${beginning}`)
  // Separators that no key id has keep two callers' sessions apart.
  return `ses_${createHash('sha256').update(`${caller.keyId}\n${known}`).digest('hex').slice(0, 26)}`
}

/** The candidate, each of whose wires has the header where it wants one. */
export function inSession(candidate: Candidate, request: Pick<RelayRequest, 'caller' | 'facts' | 'callId'>): Candidate {
  const { deployment } = candidate
  if (deployment.sessionHeader === undefined) return candidate
  const alternatives = deployment.alternatives.map((wire) => withSession(wire, request))
  return { ...candidate, deployment: { ...withSession(deployment, request), alternatives } }
}
