import { pino } from 'pino'
import { describeError } from './describe-error.ts'
import { humanLine } from './human-line.ts'
import { deniedSpellings, foldKey, redacted, redactText } from './redact.ts'
import type { LogDestination } from './rotating-file.ts'
import { sanitizeFields } from './sanitize-fields.ts'

/** The gateway's logger: fields first, then a sentence. Whatever is handed to it, no credential and no conversation passes. */
export type Logger = pino.Logger

export const logLevels = ['debug', 'info', 'warn', 'error'] as const

export type LogLevel = (typeof logLevels)[number]

export interface LoggerOptions {
  readonly level: LogLevel
  /** Takes JSON lines. */
  readonly file: LogDestination | undefined
  /** Takes lines for people: standard error, so that standard output keeps its contract. */
  readonly terminal: ((line: string) => void) | undefined
}

/**
 * Makes the logger. Redaction happens here and nowhere else, in two layers: fields, errors and sentences are cleaned
 * before pino sees them, and each finished line passes the credential patterns once more (this also covers bindings of
 * child loggers).
 */
export function createLogger(options: LoggerOptions): Logger {
  const write = (line: string): void => {
    options.file?.write(line)
    options.terminal?.(humanLine(line))
  }
  return pino(
    {
      level: options.level,
      base: null,
      serializers: bindingSerializers,
      hooks: {
        logMethod(values, method) {
          method.apply(this, cleanArguments(values as readonly unknown[]))
        },
        streamWrite: redactText,
      },
    },
    { write },
  )
}

/** A logger that writes nothing: for tests and for commands that report by themselves. */
export function createSilentLogger(): Logger {
  return createLogger({ level: 'error', file: undefined, terminal: undefined })
}

/** Denied keys among the bindings of child loggers, which do not pass `logMethod`. */
const bindingSerializers: Record<string, (value: unknown) => unknown> = {
  err: (value) => (value instanceof Error ? describeError(value) : value),
  error: (value) => (value instanceof Error ? describeError(value) : value),
  ...Object.fromEntries(deniedSpellings.map((key) => [key, () => redacted])),
}

type LogArguments = [object: Record<string, unknown>, message?: string]

/** pino takes an error's message for a missing sentence; here the description stands instead. Format arguments are dropped. */
function cleanArguments(values: readonly unknown[]): LogArguments {
  const [first, second] = values
  if (typeof first === 'string') return [{}, redactText(first)]
  const sentence = typeof second === 'string' ? redactText(second) : undefined
  if (first instanceof Error) return [{ err: describeError(first) }, sentence ?? 'An error was caught.']
  if (typeof first !== 'object' || first === null) return [{}, sentence ?? '']
  return [sanitizeFields(first), sentence ?? sentenceOf(first)]
}

function sentenceOf(fields: object): string {
  const message = Object.entries(fields).find(([key]) => foldKey(key) === 'msg')?.[1]
  return typeof message === 'string' ? redactText(message) : ''
}
