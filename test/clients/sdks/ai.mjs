import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { isStepCount, generateText, jsonSchema, Output, streamText, tool } from 'ai'
import { birdSchema, question, readNote, report, settings } from './tasks.mjs'

const { url, key, model: name, session } = settings
const gateway = createOpenAICompatible({
  name: 'signalbox',
  baseURL: `${url}/v1`,
  apiKey: key,
  includeUsage: true,
  supportsStructuredOutputs: true,
  headers: { 'x-session-id': session },
})
const common = { model: gateway(name), prompt: question, maxRetries: 0 }

const pieces = []
const stream = streamText(common)
for await (const piece of stream.textStream) pieces.push(piece)
report('stream', {
  pieces: pieces.length,
  text: pieces.join(''),
  whole: await stream.text,
  tokens: (await stream.usage).inputTokens,
})

const { description, parameters, run } = readNote
const tools = { [readNote.name]: tool({ description, inputSchema: jsonSchema(parameters), execute: run }) }
const answer = streamText({ ...common, tools, stopWhen: isStepCount(5) })
report('tools', { text: await answer.text })

const object = await generateText({ ...common, output: Output.object({ schema: jsonSchema(birdSchema) }) })
report('schema', { parsed: object.output })
