import type { FastifyReply } from 'fastify'

/** Answers with JSON that no cache keeps and no browser guesses at. */
export function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return sendJsonText(reply, JSON.stringify(body))
}

/** The same for a text that is JSON already. */
export function sendJsonText(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .send(text)
}

/** Says that a number of tokens was guessed here and not counted by a model's own tokenizer. */
export function markEstimate(reply: FastifyReply): FastifyReply {
  return reply.header('x-signalbox-warning', 'the count is an estimate: the upstream gives none')
}
