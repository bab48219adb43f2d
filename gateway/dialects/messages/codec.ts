import type { DialectCodec } from '../codec.ts'
import { messagesErrorBody } from './error-body.ts'
import { readMessagesRequest } from './read-request.ts'
import { MessagesStreamWriter } from './stream-writer.ts'
import { writeMessage } from './write-answer.ts'

/** Anthropic's Messages, as Claude Code and Anthropic's SDKs speak it. */
export const messagesCodec: DialectCodec = {
  dialect: 'messages',
  readRequest: readMessagesRequest,
  writeAnswer: writeMessage,
  openWriter: (context) => new MessagesStreamWriter(context),
  errorBody: messagesErrorBody,
}
