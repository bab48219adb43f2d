import { type Answer, type Client, only, type Question, weatherDescription, weatherSchema } from './client.ts'

interface Part {
  readonly text?: string
  readonly thought?: boolean
  readonly thoughtSignature?: string
  readonly functionCall?: { readonly id?: string; readonly name: string; readonly args?: unknown }
}

interface Chunk {
  readonly candidates?: readonly {
    readonly content?: { readonly role?: string; readonly parts?: readonly Part[] }
    readonly finishReason?: string
  }[]
  readonly usageMetadata?: {
    readonly promptTokenCount: number
    readonly cachedContentTokenCount?: number
    readonly candidatesTokenCount?: number
    readonly thoughtsTokenCount?: number
  }
  readonly error?: { readonly code: number; readonly message: string; readonly status: string }
}

/** generateContent, as Gemini CLI sends and reads it: thoughts are left out of the history, signatures are kept. */
export const geminiClient: Client = {
  dialect: 'gemini',
  headers: {},
  path: ({ model, stream }) =>
    `/v1beta/models/${model}:${stream === true ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  body: (question) => ({
    contents: contentsOf(question),
    ...(question.system === undefined ? {} : { systemInstruction: { parts: [{ text: question.system }] } }),
    ...(question.tools === true ? { tools: [{ functionDeclarations: [weatherTool] }] } : {}),
    generationConfig: {
      ...(question.thinks === true ? { thinkingConfig: { includeThoughts: true, thinkingLevel: 'HIGH' } } : {}),
      ...(question.schema === undefined
        ? {}
        : { responseMimeType: 'application/json', responseJsonSchema: question.schema }),
    },
  }),
  readAnswer: (text) => answerOf([JSON.parse(text) as Chunk]),
  readStream: (events) => answerOf(events.map(({ data }) => JSON.parse(data) as Chunk)),
  readError: (text, status) => {
    const { error } = JSON.parse(text) as { error: { code: unknown; message: unknown; status: unknown } }
    if (error.code !== status || typeof error.message !== 'string' || typeof error.status !== 'string') {
      throw new Error(`no error: ${text}`)
    }
    return error.message
  },
  saysTooLong: (text) => {
    const { error } = JSON.parse(text) as { error: { message: string; status: string } }
    return error.status === 'INVALID_ARGUMENT' && /input token count.*exceeds the maximum/.test(error.message)
  },
}

const weatherTool = { name: 'weather', description: weatherDescription, parametersJsonSchema: weatherSchema }

function contentsOf({ prompt, image, fileId, earlier = [] }: Question): object[] {
  const media = [
    ...(image === undefined ? [] : [{ inlineData: { mimeType: 'image/png', data: image } }]),
    ...(fileId === undefined ? [] : [{ fileData: { mimeType: 'application/pdf', fileUri: geminiFile(fileId) } }]),
  ]
  return [
    { role: 'user', parts: [{ text: prompt }, ...media] },
    ...earlier.flatMap(({ answer, results }) => [
      { role: 'model', parts: answer.turn },
      {
        role: 'user',
        parts: results.map(({ id, name, text }) => ({
          functionResponse: { ...(id === '' ? {} : { id }), name, response: { output: text } },
        })),
      },
    ]),
  ]
}

/** Files of this API go by their address. */
function geminiFile(id: string): string {
  return `https://generativelanguage.googleapis.com/v1beta/files/${id}`
}

function answerOf(chunks: readonly Chunk[]): Answer {
  const error = chunks.find((chunk) => chunk.error !== undefined)?.error?.message
  const candidates = chunks
    .filter((chunk) => (chunk.candidates ?? []).length > 0)
    .map((chunk) => only(chunk.candidates ?? []))
  const parts = candidates.flatMap((candidate) => candidate.content?.parts ?? [])
  const calls = parts.flatMap((part) => part.functionCall ?? [])
  const finish = candidates.findLast((candidate) => candidate.finishReason !== undefined)?.finishReason
  const usage = chunks.findLast((chunk) => chunk.usageMetadata !== undefined)?.usageMetadata
  const texts = parts.filter((part) => part.thought !== true && (part.text ?? '') !== '')
  const reasons: Readonly<Record<string, string>> = { MAX_TOKENS: 'length' }
  const stopped = calls.length > 0 ? 'tools' : 'stop'
  return {
    text: texts.map((part) => part.text).join(''),
    pieces: texts.length,
    reasoning: parts.map((part) => (part.thought === true ? (part.text ?? '') : '')).join(''),
    calls: calls.map(({ id, name, args }) => ({ id: id ?? '', name, arguments: args })),
    finish: finish === 'STOP' ? stopped : (reasons[finish ?? ''] ?? finish ?? ''),
    usage:
      usage === undefined
        ? undefined
        : {
            input: usage.promptTokenCount,
            cached: usage.cachedContentTokenCount ?? 0,
            output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
          },
    turn: parts.filter((part) => part.thought !== true && (part.text !== '' || part.thoughtSignature !== undefined)),
    error,
    complete: error === undefined && finish !== undefined,
  }
}
