import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prompt } from './cells.ts'
import { chatClient } from './clients/chat-client.ts'
import type { Client } from './clients/client.ts'
import { messagesClient } from './clients/messages-client.ts'
import { modelOf, type Stage, startStage } from './stage.ts'
import { chatWire } from './wires/chat-wire.ts'
import { ollamaWire } from './wires/ollama-wire.ts'
import { responsesWire } from './wires/responses-wire.ts'
import { jsonAnswer, type WireDouble } from './wires/wire.ts'

const page = { url: 'https://example.org/a', title: 'A', start_index: 0, end_index: 5 }

/** A Responses answer that cites a page and tells its tokens. */
const cited = {
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  model: 'double',
  output: [
    {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [
        {
          type: 'output_text',
          text: 'Hello.',
          annotations: [{ type: 'url_citation', ...page }],
          logprobs: [{ token: 'Hello.', logprob: -0.1, bytes: null, top_logprobs: [] }],
        },
      ],
    },
  ],
  usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 },
}

describe('what an answer loses on the way is told in its header', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await startStage()
  })

  afterAll(() => stage.stop())

  const ask = async (client: Client, wire: WireDouble, body: object, more: object = {}) => {
    const question = { model: modelOf(wire), prompt }
    stage.upstream(wire).reset()
    stage.upstream(wire).reply(jsonAnswer(body))
    const response = await stage.send({ ...client, body: () => ({ ...client.body(question), ...more }) }, question)
    expect(response.status).toBe(200)
    return { warning: response.headers.get('x-signalbox-warning') ?? '', answer: (await response.json()) as object }
  }

  test('citations and logprobs of Responses reach a client of chat completions', async () => {
    const { answer, warning } = await ask(chatClient, responsesWire, cited, { logprobs: true, top_logprobs: 0 })
    expect(answer).toMatchObject({
      choices: [
        {
          message: { content: 'Hello.', annotations: [{ type: 'url_citation', url_citation: page }] },
          logprobs: { content: [{ token: 'Hello.', logprob: -0.1 }] },
        },
      ],
    })
    expect(warning).toBe('')
    const [request] = stage.upstream(responsesWire).requests
    expect(request?.json).toMatchObject({ include: ['message.output_text.logprobs'], top_logprobs: 0 })
  })

  test('citations have no place in Messages', async () => {
    expect((await ask(messagesClient, responsesWire, cited)).warning).toContain('dropped the citations')
  })

  test('a finish reason that nobody knows', async () => {
    const choice = { index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'odd' }
    const { warning } = await ask(messagesClient, chatWire, { id: 'c', choices: [choice] })
    expect(warning).toContain('"odd" was read as stop')
  })

  test('pitfall 60: a prompt that Ollama has cut', async () => {
    const answer = {
      model: 'double',
      message: { role: 'assistant', content: 'Hello.' },
      done: true,
      done_reason: 'stop',
      prompt_eval_count: 16,
      eval_count: 2,
    }
    const { warning } = await ask(chatClient, ollamaWire, answer, { num_ctx: 16 })
    expect(warning).toContain('the prompt was cut: 16 of about')
  })
})
