import type { Dialect } from '../model/dialect.ts'
import { createReminderRemover, type ReminderMarker, type ReminderRemover } from '../model/reminder-blocks.ts'
import { headerText, type RequestHeaders } from './request-source.ts'

/** What a coding agent adds to the user's turn, and how to take it out again. */
export interface Harness {
  readonly removeReminders: ReminderRemover
  /** Drops text parts that the agent wrote in the user's name. */
  readonly keepOwnParts: (parts: readonly string[]) => readonly string[]
}

/** Used by Claude Code and by agents modelled on it. */
const reminders: readonly ReminderMarker[] = [{ open: '<system-reminder>', close: '</system-reminder>' }]

const codexMarkers: readonly ReminderMarker[] = [
  { open: '<environment_context>', close: '</environment_context>' },
  { open: '<recommended_plugins>', close: '</recommended_plugins>' },
  { open: '<user_instructions>', close: '</user_instructions>' },
  { open: '<environments_instructions>', close: '</environments_instructions>' },
  { open: '# AGENTS.md instructions for ', close: '</INSTRUCTIONS>' },
]

const geminiMarkers: readonly ReminderMarker[] = [{ open: '<session_context>', close: '</session_context>' }]

const removeReminders = createReminderRemover(reminders)
const keepAll = (parts: readonly string[]): readonly string[] => parts

const plain: Harness = { removeReminders, keepOwnParts: keepAll }
const codex: Harness = {
  removeReminders: createReminderRemover([...reminders, ...codexMarkers]),
  keepOwnParts: keepAll,
}
const gemini: Harness = {
  removeReminders: createReminderRemover([...reminders, ...geminiMarkers]),
  keepOwnParts: keepAll,
}
const opencode: Harness = { removeReminders, keepOwnParts: dropReadFiles }

/**
 * Recognises the agent by its headers. What only one agent adds is removed for that agent alone: the same words in
 * another's request are the user's own.
 */
export function harnessOf(dialect: Dialect, headers: RequestHeaders): Harness {
  const agent = headerText(headers, 'user-agent').toLowerCase()
  if (agent.includes('codex') || headerText(headers, 'originator').toLowerCase().includes('codex')) return codex
  if (agent.startsWith('opencode/')) return opencode
  if (dialect === 'gemini' || agent.startsWith('geminicli') || agent.startsWith('qwencode')) return gemini
  return plain
}

const readCall = 'Called the Read tool with the following input:'

/** opencode turns a mentioned file into two parts: the call that read it, and its content. */
function dropReadFiles(parts: readonly string[]): readonly string[] {
  return parts.filter((part, index) => {
    const follows = parts[index - 1]?.startsWith(readCall) === true
    const isFile = follows && /^<(?:file|path)>/.test(part)
    return !part.startsWith(readCall) && !isFile
  })
}
