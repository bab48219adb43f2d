import type { Deployment } from '../../config/gateway-config.ts'

/** What a pretend model says: that it is one, and what to do about it. Never anything of the prompt. */
export function demoAnswerText(deployment: Deployment): string {
  return (
    `This is ${deployment.upstreamModel}, a pretend model inside Signalbox. No provider was called and nothing was billed; ` +
    'the cost shown is pretend as well. The request went through the router, the relay and the ledger like a real one: ' +
    'see its tier and reason in the response headers or at /ui. Add a model to config.yaml to talk to a real one.'
  )
}

/** Tokens as a real model would roughly count them: four bytes a token. */
export function demoTokens(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 4))
}

/** The answer cut into pieces of a few words, as a stream would bring it. */
export function demoPieces(text: string): string[] {
  return text.match(/\S+\s*(?:\S+\s*){0,3}/g) ?? [text]
}
