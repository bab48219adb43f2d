import type { FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../model/errors.ts'
import './request-state.ts'

type Done = (error: Error | null, body?: Buffer) => void

/** Enough for every route that needs no key; the configured limit is for those who showed one. */
const keylessLimitBytes = 16 * 1024

/**
 * Collects request bodies as bytes up to a limit that may change while the server runs. Every route gets a Buffer and
 * decides itself how to read it.
 * @param limitBytes read anew for each request
 */
export function createBodyReader(limitBytes: () => number) {
  return (request: FastifyRequest, payload: IncomingMessage, done: Done): void => {
    const limit = request.identity === null ? Math.min(keylessLimitBytes, limitBytes()) : limitBytes()
    if (Number(request.headers['content-length']) > limit) {
      done(bodyTooLarge(limit))
      return
    }
    collect(payload, limit, done)
  }
}

function collect(payload: IncomingMessage, limit: number, done: Done): void {
  let chunks: Buffer[] = []
  let received = 0
  let settled = false
  // The listeners stay, as the payload does not outlive its request: to take them off costs more than to ignore them.
  const settle = (error: Error | null, body?: Buffer): void => {
    if (settled) return
    settled = true
    chunks = []
    done(error, body)
  }
  const onData = (chunk: Buffer): void => {
    if (settled) return
    received += chunk.length
    if (received > limit) settle(bodyTooLarge(limit))
    else chunks.push(chunk)
  }
  const onEnd = (): void => {
    const first = chunks[0]
    settle(null, chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, received))
  }
  // Nobody is left to read the answer; the error only ends the request on our side.
  const onCut = (): void => {
    if (!settled) settle(new GatewayError('client_closed_request', 'The request body was cut off.'))
  }
  payload.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut)
}

function bodyTooLarge(limit: number): GatewayError {
  const size = limit < 1024 * 1024 ? `${Math.floor(limit / 1024)} kB` : `${Math.floor(limit / 1024 / 1024)} MB`
  return new GatewayError(
    'body_too_large',
    `The request body is larger than ${size}, the limit of this route; signalbox.body_limit_mb sets the one of model requests.`,
  )
}
