import type { DialectCodec } from '../codec.ts'
import { geminiErrorBody } from './error-body.ts'
import type { GeminiStreamForm } from './framing.ts'
import { readGeminiIdentity } from './read-identity.ts'
import { readGeminiRequest } from './read-request.ts'
import { GeminiStreamWriter } from './stream-writer.ts'
import { writeGeminiAnswer } from './write-answer.ts'

/** Gemini's generateContent and streamGenerateContent, whose streams come as events (`alt=sse`) or as one JSON list. */
export function createGeminiCodec({ framing }: { readonly framing: GeminiStreamForm }): DialectCodec {
  return {
    dialect: 'gemini',
    streamForm: framing,
    readRequest: readGeminiRequest,
    writeAnswer: writeGeminiAnswer,
    openWriter: (context) => new GeminiStreamWriter(context, framing),
    readIdentity: readGeminiIdentity,
    errorBody: (error) => geminiErrorBody(error),
  }
}

/** The dialect as Google's SDKs and Gemini CLI speak it. */
export const geminiCodec: DialectCodec = createGeminiCodec({ framing: 'sse' })
