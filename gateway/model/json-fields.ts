import { GatewayError } from './errors.ts'

/** Byte offsets into a JSON body: the key's opening quote, the first byte of the value, one past its last byte. */
export interface FieldSpan {
  readonly keyStart: number
  readonly valueStart: number
  readonly valueEnd: number
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/**
 * Finds the top-level keys of a JSON object and where their values stand, so that a field can be replaced without
 * rewriting the rest. Strings are skipped at native speed; nesting costs no stack. Meant for a body that JSON.parse has
 * accepted: on other input it throws, but it does not check values.
 *
 * @throws GatewayError `invalid_json` when the body is no JSON object, `duplicate_key` when a top-level key is repeated
 *   (also when spelt with escapes): what was authorised must be what is sent.
 * @param text the body one character per byte, so that string offsets are byte offsets; for who has it already
 */
export function scanTopLevelFields(body: Buffer, text = body.toString('latin1')): Map<string, FieldSpan> {
  const fields = new Map<string, FieldSpan>()
  let at = skipSpace(text, text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0)
  if (text.charCodeAt(at) !== openBrace) throw notAnObject()
  at = skipSpace(text, at + 1)
  if (text.charCodeAt(at) === closeBrace) return fields
  for (;;) {
    if (text.charCodeAt(at) !== quote) throw malformed()
    const keyStart = at
    const keyEnd = skipString(text, at)
    at = skipSpace(text, keyEnd)
    if (text.charCodeAt(at) !== colon) throw malformed()
    const valueStart = skipSpace(text, at + 1)
    const valueEnd = skipValue(text, valueStart)
    addField(fields, readKey(body, text, keyStart, keyEnd), { keyStart, valueStart, valueEnd })
    at = skipSpace(text, valueEnd)
    const next = text.charCodeAt(at)
    if (next === closeBrace) return fields
    if (next !== comma) throw malformed()
    at = skipSpace(text, at + 1)
  }
}

/**
 * Where the elements of a JSON array stand in a body that JSON.parse has accepted: start and one past the end of each.
 *
 * @throws GatewayError `invalid_json` when there is no array at `from`
 * @param text the body one character per byte
 */
export function scanElements(text: string, from: number): { readonly start: number; readonly end: number }[] {
  if (text.charCodeAt(from) !== openBracket) throw malformed()
  const elements: { start: number; end: number }[] = []
  let at = skipSpace(text, from + 1)
  if (text.charCodeAt(at) === closeBracket) return elements
  for (;;) {
    const end = skipValue(text, at)
    elements.push({ start: at, end })
    at = skipSpace(text, end)
    const next = text.charCodeAt(at)
    if (next === closeBracket) return elements
    if (next !== comma) throw malformed()
    at = skipSpace(text, at + 1)
  }
}

function addField(fields: Map<string, FieldSpan>, key: string, span: FieldSpan): void {
  if (fields.has(key)) {
    throw new GatewayError(
      'duplicate_key',
      `The key "${key.slice(0, 80)}" stands more than once in the request body. Send it once.`,
      { param: key.slice(0, 80) },
    )
  }
  fields.set(key, span)
}

function readKey(body: Buffer, text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1)
  // Plain ASCII keys, which is all of them in practice, need no decoding.
  if (/^[\x20-\x5b\x5d-\x7e]*$/.test(raw)) return raw
  try {
    return JSON.parse(body.toString('utf8', start, end)) as string
  } catch {
    throw malformed()
  }
}

function skipSpace(text: string, from: number): number {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at
    at += 1
  }
}

/** From an opening quote to one past the closing one. */
function skipString(text: string, from: number): number {
  let at = from + 1
  for (;;) {
    at = text.indexOf('"', at)
    if (at === -1) throw malformed()
    let before = at - 1
    while (text.charCodeAt(before) === backslash) before -= 1
    if ((at - before) % 2 === 1) return at + 1
    at += 1
  }
}

function skipValue(text: string, from: number): number {
  const first = text.charCodeAt(from)
  if (first === quote) return skipString(text, from)
  if (first === openBrace || first === openBracket) return skipNested(text, from)
  let at = from
  while (at < text.length && !endsPrimitive(text.charCodeAt(at))) at += 1
  if (at === from) throw malformed()
  return at
}

function endsPrimitive(code: number): boolean {
  return (
    code === comma ||
    code === closeBrace ||
    code === closeBracket ||
    code === 0x20 ||
    code === 0x0a ||
    code === 0x0d ||
    code === 0x09
  )
}

function skipNested(text: string, from: number): number {
  let depth = 0
  let at = from
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = skipString(text, at)
      continue
    }
    if (code === openBrace || code === openBracket) depth += 1
    else if (code === closeBrace || code === closeBracket) {
      depth -= 1
      if (depth === 0) return at + 1
    }
    at += 1
  }
  throw malformed()
}

function notAnObject(): GatewayError {
  return new GatewayError('invalid_json', 'The request body must be a JSON object.')
}

function malformed(): GatewayError {
  return new GatewayError('invalid_json', 'The request body is not valid JSON.')
}
