import { GatewayError } from './errors.ts'

/** One part of a `multipart/form-data` body. The bytes are a view into the body. */
export interface FormPart {
  readonly name: string
  /** Its file name parameters as written (`; filename="a.wav"`), to be sent on unchanged; absent for a plain field. */
  readonly fileParameters?: string
  readonly contentType?: string
  readonly bytes: Buffer
}

export interface UploadForm {
  readonly boundary: string
  readonly parts: readonly FormPart[]
}

/** Far above what any client sends; each part costs a little more than its bytes. */
const mostParts = 1_000

/** Characters of a boundary (RFC 2046 §5.1.1), and one that a header may hold unquoted or quoted. */
const boundaryPattern = /;[ \t]*boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'()+,./:=?-]{1,70}))[ \t]*(?:;|$)/iu

export function isFormType(contentType: string | undefined): boolean {
  return contentType !== undefined && /^multipart\/form-data[ \t]*;/iu.test(contentType)
}

/**
 * Reads a form (RFC 7578). Strict, so that nobody behind us reads another form out of the same bytes: parts are split at
 * exact delimiters only, each has one plain `Content-Disposition`.
 * @throws GatewayError `invalid_form`, never quoting a value
 */
export function readForm(body: Buffer, contentType: string): UploadForm {
  const match = boundaryPattern.exec(contentType)
  const boundary = match?.[1] ?? match?.[2]
  if (boundary === undefined || boundary.endsWith(' ')) {
    throw invalidForm('its content type names no boundary: send `multipart/form-data; boundary=…`')
  }
  return { boundary, parts: splitParts(body, Buffer.from(`--${boundary}`)).map(readPart) }
}

const lineBreak = Buffer.from('\r\n')
const headEnd = Buffer.from('\r\n\r\n')

function splitParts(body: Buffer, dashed: Buffer): Buffer[] {
  const delimiter = Buffer.concat([lineBreak, dashed])
  const parts: Buffer[] = []
  const first = body.subarray(0, dashed.length).equals(dashed) ? 0 : body.indexOf(delimiter) + 2
  if (first === 1) throw invalidForm('its first delimiter is missing')
  let at = first + dashed.length
  for (;;) {
    const start = afterDelimiter(body, at)
    if (start === undefined) return parts
    const end = body.indexOf(delimiter, start - 2)
    if (end === -1) throw invalidForm('it ends within a part, without its last delimiter')
    parts.push(body.subarray(start, Math.max(start, end)))
    if (parts.length > mostParts) throw invalidForm(`it has more than ${mostParts} parts`)
    at = end + delimiter.length
  }
}

/** Where the part behind a delimiter begins; undefined behind the last one. Anything else on its line is no delimiter to some and one to others. */
function afterDelimiter(body: Buffer, at: number): number | undefined {
  if (body[at] === dash && body[at + 1] === dash) return undefined
  let end = at
  while (body[end] === space || body[end] === tab) end += 1
  if (body[end] === carriageReturn && body[end + 1] === lineFeed) return end + 2
  throw invalidForm('a line begins like a delimiter and is none')
}

const dash = 0x2d
const space = 0x20
const tab = 0x09
const carriageReturn = 0x0d
const lineFeed = 0x0a

function readPart(part: Buffer): FormPart {
  const end = part.indexOf(headEnd)
  if (end === -1 || end > 8_192) throw invalidForm('a part has no headers')
  const headers = readHeaders(part.toString('utf8', 0, end))
  const disposition = readDisposition(headers.get('content-disposition') ?? '')
  const contentType = headers.get('content-type')
  return {
    ...disposition,
    ...(contentType === undefined ? {} : { contentType }),
    bytes: part.subarray(end + headEnd.length),
  }
}

function readHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>()
  for (const line of text.split('\r\n')) {
    const match = /^([\w-]+):[ \t]*([^\r\n\0]*)$/u.exec(line)
    const [, name = '', value = ''] = match ?? []
    if (match === null || headers.has(name.toLowerCase())) throw invalidForm('a part has headers that cannot be read')
    headers.set(name.toLowerCase(), value.trim())
  }
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? 'binary'
  if (['binary', '8bit', '7bit'].includes(encoding)) return headers
  throw invalidForm(`a part has a content-transfer-encoding; send its bytes as they are`)
}

const parameterPattern = /;[ \t]*(name|filename\*?)=("(?:[^"\\]|\\.)*"|[^\s";]+)[ \t]*/giuy

function readDisposition(text: string): Pick<FormPart, 'name' | 'fileParameters'> {
  const kind = /^form-data[ \t]*/iu.exec(text)
  let name: string | undefined
  const fileParameters: string[] = []
  parameterPattern.lastIndex = kind?.[0].length ?? 0
  let end = parameterPattern.lastIndex
  for (let match = parameterPattern.exec(text); match !== null; match = parameterPattern.exec(text)) {
    const [, key = '', value = ''] = match
    end = parameterPattern.lastIndex
    if (key.toLowerCase() !== 'name') fileParameters.push(`; ${key}=${value}`)
    else if (name === undefined) name = value.replace(/^"(.*)"$/su, '$1')
    else throw invalidForm('a part has two names')
  }
  if (kind === null || end !== text.length || name === undefined || /["\\]/u.test(name)) {
    throw invalidForm('a part does not name its field: `Content-Disposition: form-data; name="…"` is wanted')
  }
  return fileParameters.length === 0 ? { name } : { name, fileParameters: fileParameters.join('') }
}

/** Writes a form anew under its own boundary, which no part of it holds. Pure. */
export function writeForm({ boundary, parts }: UploadForm): Buffer {
  const pieces = parts.flatMap((part) => {
    const type = part.contentType === undefined ? '' : `Content-Type: ${part.contentType}\r\n`
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${part.name}"${part.fileParameters ?? ''}\r\n${type}\r\n`
    return [Buffer.from(head), part.bytes, lineBreak]
  })
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)])
}

export function formContentType({ boundary }: UploadForm): string {
  return `multipart/form-data; boundary=${/^[\w'+.-]+$/u.test(boundary) ? boundary : `"${boundary}"`}`
}

function invalidForm(why: string): GatewayError {
  return new GatewayError('invalid_form', `The body is not a form that can be read: ${why}.`)
}
