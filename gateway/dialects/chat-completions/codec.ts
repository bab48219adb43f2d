import type { DialectCodec } from '../codec.ts'
import { chatErrorBody } from './error-body.ts'
import { readChatIdentity } from './read-identity.ts'
import { readChatRequest } from './read-request.ts'
import { ChatStreamWriter } from './stream-writer.ts'
import { writeChatAnswer } from './write-answer.ts'

/** OpenAI's chat completions, the deprecated `functions` included. */
export const chatCodec: DialectCodec = {
  dialect: 'chat-completions',
  readRequest: readChatRequest,
  writeAnswer: writeChatAnswer,
  openWriter: (context) => new ChatStreamWriter(context),
  readIdentity: readChatIdentity,
  errorBody: (error) => chatErrorBody(error),
}
