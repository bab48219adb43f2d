import Anthropic from '@anthropic-ai/sdk'
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema'
import { jsonSchemaOutputFormat } from '@anthropic-ai/sdk/helpers/json-schema'
import { birdSchema, question, readNote, report, settings } from './tasks.mjs'

const { url, key, model, session } = settings
const client = new Anthropic({
  baseURL: url,
  authToken: key,
  apiKey: null,
  maxRetries: 0,
  defaultHeaders: { 'x-session-id': session },
})
const body = { model, max_tokens: 1000, messages: [{ role: 'user', content: question }] }

const pieces = []
const stream = client.messages.stream(body)
stream.on('text', (piece) => pieces.push(piece))
const whole = await stream.finalMessage()
report('stream', {
  pieces: pieces.length,
  text: pieces.join(''),
  whole: whole.content[0].text,
  tokens: whole.usage.input_tokens,
})

const { name, description, parameters, run } = readNote
const tools = [betaTool({ name, description, inputSchema: parameters, run })]
const runner = client.beta.messages.toolRunner({ ...body, tools })
const answer = await runner.runUntilDone()
report('tools', { text: answer.content.map((block) => block.text ?? '').join('') })

const output_config = { format: jsonSchemaOutputFormat(birdSchema) }
const parsed = await client.messages.parse({ ...body, output_config })
report('schema', { parsed: parsed.parsed_output })

const count = await client.messages.countTokens({ model, messages: body.messages })
report('count', { tokens: count.input_tokens })
