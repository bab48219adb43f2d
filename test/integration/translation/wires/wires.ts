import { chatWire } from './chat-wire.ts'
import { geminiWire } from './gemini-wire.ts'
import { messagesWire } from './messages-wire.ts'
import { ollamaWire } from './ollama-wire.ts'
import { responsesWire } from './responses-wire.ts'
import type { WireDouble } from './wire.ts'

export const wires: readonly WireDouble[] = [chatWire, responsesWire, messagesWire, geminiWire, ollamaWire]
