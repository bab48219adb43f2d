import type { MediaSource } from '../../model/parts.ts'
import { invalidField } from './field-errors.ts'

export interface ReadSource {
  readonly source: MediaSource
  readonly mimeType: string | undefined
}

const dataUrl = /^data:([^;,]*)((?:;[^;,]*)*),/

/** A data URL (with any parameters) or a web address. @throws GatewayError `invalid_field` for anything else */
export function readUrl(url: string, param: string): ReadSource {
  const head = dataUrl.exec(url)
  if (head !== null) return readDataUrl(url, head, param)
  if (!/^https?:\/\//i.test(url)) throw invalidField(param, 'a data URL with base64, or an http(s) address')
  return { source: { kind: 'url', url }, mimeType: undefined }
}

function readDataUrl(url: string, head: RegExpExecArray, param: string): ReadSource {
  const [start, type = '', parameters = ''] = head
  const payload = url.slice(start.length)
  const mimeType = type === '' ? 'text/plain' : type.toLowerCase()
  if (/;base64$/i.test(parameters)) return { source: { kind: 'base64', data: checkBase64(payload, param) }, mimeType }
  try {
    const data = Buffer.from(decodeURIComponent(payload)).toString('base64')
    return { source: { kind: 'base64', data }, mimeType }
  } catch {
    throw invalidField(param, 'a data URL that can be decoded')
  }
}

/** Base64 as it came. @throws GatewayError `invalid_field` when it is empty or holds anything else */
export function checkBase64(data: string, param: string): string {
  if (data === '' || data.length % 4 === 1 || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(data)) {
    throw invalidField(param, 'valid base64')
  }
  return data
}
