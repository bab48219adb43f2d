import OpenAI from 'openai'
import { makeParseableResponseFormat, makeParseableTextFormat } from 'openai/lib/parser'
import { birdSchema, question, readNote, report, settings } from './tasks.mjs'

const { url, key, model, session } = settings
const client = new OpenAI({
  baseURL: `${url}/v1`,
  apiKey: key,
  maxRetries: 0,
  defaultHeaders: { 'x-session-id': session },
})
const messages = [{ role: 'user', content: question }]

const pieces = []
const stream = client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } })
stream.on('content', (piece) => pieces.push(piece))
const whole = await stream.finalChatCompletion()
report('stream', {
  pieces: pieces.length,
  text: pieces.join(''),
  whole: whole.choices[0].message.content,
  tokens: whole.usage.prompt_tokens,
})

const { run, ...tool } = readNote
const runner = client.chat.completions.runTools({
  model,
  messages,
  stream: true,
  tools: [{ type: 'function', function: { ...tool, function: run, parse: JSON.parse } }],
})
report('tools', { text: await runner.finalContent() })

const json_schema = { name: 'bird', strict: true, schema: birdSchema }
const response_format = makeParseableResponseFormat({ type: 'json_schema', json_schema }, JSON.parse)
const completion = await client.chat.completions.parse({ model, messages, response_format })
report('schema', { parsed: completion.choices[0].message.parsed })

const text = { format: makeParseableTextFormat({ type: 'json_schema', ...json_schema }, JSON.parse) }
const events = []
const responses = client.responses.stream({ model, input: question, text, store: false })
for await (const event of responses) events.push(event.type)
const response = await responses.finalResponse()
report('responses', { parsed: response.output_parsed, first: events[0], last: events.at(-1) })
