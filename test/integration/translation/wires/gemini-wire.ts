import { randomUUID } from 'node:crypto'
import {
  type GeminiChunkScript,
  geminiChunk,
  geminiError,
  type GeminiPart,
} from '../../../doubles/wires/gemini-upstream.ts'
import { event, jsonAnswer, parseJson, streamOf, type Told, usualUsage, type WireDouble } from './wire.ts'

interface Part {
  readonly text?: string
  readonly thought?: boolean
  readonly thoughtSignature?: string
  readonly inlineData?: { readonly data: string }
  readonly functionCall?: { readonly id?: string; readonly name: string; readonly args?: unknown }
  readonly functionResponse?: {
    readonly id?: string
    readonly name: string
    readonly response: { readonly output?: unknown; readonly result?: unknown }
  }
}

interface Body {
  readonly systemInstruction?: { readonly parts: readonly Part[] }
  readonly contents: readonly { readonly role: string; readonly parts: readonly Part[] }[]
  readonly tools?: readonly { readonly functionDeclarations?: readonly { readonly name: string }[] }[]
  readonly generationConfig?: { readonly responseJsonSchema?: unknown; readonly responseSchema?: unknown }
}

/** An upstream of Gemini's own wire. Its calls have no ids: they are paired by name and order. */
export const geminiWire: WireDouble = {
  name: 'gemini',
  models: { usual: 'gemini/gemini-3.1-pro-preview', thinking: 'gemini/gemini-3.1-pro-preview' },
  basePath: '/v1beta',
  hasState: true,
  tellsCache: true,
  say: (told, stream, trouble) => {
    const parts = partsOf(told)
    const finish = told.truncated === true ? 'MAX_TOKENS' : 'STOP'
    const more = { responseId: randomUUID() }
    const chunk = (script: GeminiChunkScript): object => geminiChunk({ ...script, more })
    if (!stream) return jsonAnswer(chunk({ parts, finish, usage: usageOf(told) }))
    const message = trouble?.kind === 'error-event' ? trouble.message : ''
    const broken = [
      chunk({ parts: [{ text: 'Half' }] }),
      geminiError({ code: 503, status: 'UNAVAILABLE', message }) as object,
    ]
    const chunks = [
      ...parts.map((part) => chunk({ parts: [part] })),
      chunk({ parts: [{ text: '' }], finish, usage: usageOf(told) }),
    ]
    return streamOf(writes(chunks), writes(broken), trouble)
  },
  refuse: (status, message) =>
    jsonAnswer(geminiError({ code: status, status: 'INVALID_ARGUMENT', message }) as object, status),
  refuseLength: () =>
    jsonAnswer(
      geminiError({
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: 'The input token count (1100000) exceeds the maximum number of tokens allowed (1048576).',
      }) as object,
      400,
    ),
  isStream: (request) => request.path.includes(':streamGenerateContent'),
  see: (request) => {
    const body = request.json as unknown as Body
    const parts = body.contents.flatMap((content) => content.parts)
    const config = body.generationConfig ?? {}
    return {
      system: (body.systemInstruction?.parts ?? []).map((part) => part.text ?? '').join('\n'),
      text: parts.map((part) => (part.thought === true ? '' : (part.text ?? ''))).join('\n'),
      images: parts.flatMap((part) => part.inlineData?.data ?? []),
      tools: (body.tools ?? []).flatMap((tool) => tool.functionDeclarations ?? []).map((tool) => tool.name),
      calls: parts
        .flatMap((part) => part.functionCall ?? [])
        .map((call) => ({ id: call.id ?? '', name: call.name, arguments: call.args })),
      results: parts
        .flatMap((part) => part.functionResponse ?? [])
        .map(({ id = '', response }) => ({ id, text: String(response.output ?? response.result) })),
      schema: config.responseJsonSchema ?? config.responseSchema,
      reasoning: parts.flatMap((part) => (part.thought === true ? (part.text ?? []) : [])),
      opaque: parts.flatMap((part) => part.thoughtSignature ?? []),
    }
  },
}

function partsOf({ text = [], reasoning, opaque, calls = [] }: Told): GeminiPart[] {
  return [
    ...(reasoning === undefined ? [] : [{ text: reasoning, thought: true }]),
    ...text.map((piece) => ({ text: piece })),
    // Of calls in parallel only the first has a signature.
    ...calls.map(({ name, fragments }, index) => ({
      functionCall: { name, args: parseJson(fragments.join('') || '{}') as object },
      ...(index > 0 || opaque === undefined ? {} : { thoughtSignature: opaque }),
    })),
  ]
}

function usageOf({ usage = usualUsage }: Told) {
  return {
    prompt: usage.input,
    cached: usage.cached,
    candidates: usage.output - usage.reasoning,
    thoughts: usage.reasoning,
  }
}

function writes(chunks: readonly object[]): string[] {
  return chunks.map((chunk) => event(chunk))
}
