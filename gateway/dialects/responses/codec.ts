import type { DialectCodec } from '../codec.ts'
import { responsesErrorBody } from './error-body.ts'
import { readResponsesIdentity } from './read-identity.ts'
import { readResponsesRequest } from './read-request.ts'
import { ResponseWriter } from './response-writer.ts'
import { writeResponsesAnswer } from './write-answer.ts'

/** OpenAI's Responses in both directions (https://platform.openai.com/docs/api-reference/responses), as Codex needs it. */
export const responsesCodec: DialectCodec = {
  dialect: 'responses',
  readRequest: readResponsesRequest,
  writeAnswer: writeResponsesAnswer,
  openWriter: (context) => new ResponseWriter(context),
  readIdentity: readResponsesIdentity,
  errorBody: (error) => responsesErrorBody(error),
}
