import { Secret } from '../model/secret.ts'
import { describeError } from './describe-error.ts'
import { deniedKeys, foldKey, redacted, redactText } from './redact.ts'

const deepest = 6
const longestText = 2_000
const mostItems = 50

/**
 * Copies log fields into plain JSON that holds no credential and no conversation: denied keys are replaced, errors
 * described, bytes counted instead of shown, long texts cut. Never throws, whatever it is given.
 */
export function sanitizeFields(fields: object): Record<string, unknown> {
  return sanitizeObject(fields, 0)
}

function sanitizeObject(source: object, depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(source).slice(0, mostItems)) {
    result[key] = deniedKeys.has(foldKey(key)) ? redacted : sanitizeValue(readProperty(source, key), depth + 1)
  }
  return result
}

/** A getter may throw; a log line must not fail for it. */
function readProperty(source: object, key: string): unknown {
  try {
    return (source as Record<string, unknown>)[key]
  } catch {
    return '[unreadable]'
  }
}

function sanitizeValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') {
    return redactText(value.length > longestText ? `${value.slice(0, longestText)}…` : value)
  }
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (typeof value === 'object' && value !== null) return sanitizeInstance(value, depth)
  return value
}

function sanitizeInstance(value: object, depth: number): unknown {
  if (value instanceof Secret) return value.toString()
  if (value instanceof Error) return describeError(value)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof URL) return redactText(`${value.origin}${value.pathname}`)
  if (depth >= deepest) return '[…]'
  if (Array.isArray(value)) return value.slice(0, mostItems).map((item) => sanitizeValue(item, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  // Instances of classes (sockets, replies, maps) carry far more than a log line should.
  if (prototype !== Object.prototype && prototype !== null) return `[${value.constructor?.name ?? 'object'}]`
  return sanitizeObject(value, depth)
}
