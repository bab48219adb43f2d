import type { JsonObject } from '../../model/json.ts'
import type { MediaPart, MediaSource, TextPart } from '../../model/parts.ts'
import { readCacheMark } from './cache-mark.ts'
import { isAbsent, notCarried, readList, readObject, readOptionalText, readText, wrongField } from './field-checks.ts'

const base64 = /^[A-Za-z0-9+/]*={0,2}$/

/** An `image` block. Throws GatewayError 400 for a source of another form, and for data that is no base64. */
export function readImage(block: JsonObject, path: string): MediaPart {
  const source = readObject(block.source, `${path}.source`)
  return { type: 'media', kind: 'image', ...readSource(source, `${path}.source`), ...readCacheMark(block, path) }
}

/**
 * A `document` block. One whose content is given as blocks becomes those blocks, as no other wire has documents made of
 * parts. Throws GatewayError 400 as `readImage` does.
 */
export function readDocument(block: JsonObject, path: string): readonly (MediaPart | TextPart)[] {
  const source = readObject(block.source, `${path}.source`)
  const title = readOptionalText(block.title, `${path}.title`)
  const context = readOptionalText(block.context, `${path}.context`)
  const mark = readCacheMark(block, path)
  if (source.type === 'content') return readContentDocument(source, `${path}.source`, title, context)
  const isText = source.type === 'text'
  const read = isText
    ? { source: { kind: 'text', text: readText(source.data, `${path}.source.data`) } as const, mimeType: 'text/plain' }
    : readSource(source, `${path}.source`)
  return [
    {
      type: 'media',
      kind: 'document',
      ...read,
      ...(title === undefined ? {} : { title }),
      ...(context === undefined ? {} : { context }),
      ...mark,
    },
  ]
}

function readContentDocument(
  source: JsonObject,
  path: string,
  title: string | undefined,
  context: string | undefined,
): (MediaPart | TextPart)[] {
  const head = [title, context].filter((text) => text !== undefined && text !== '').join('\n')
  const heading: TextPart[] = head === '' ? [] : [{ type: 'text', text: head }]
  if (typeof source.content === 'string') return [...heading, { type: 'text', text: source.content }]
  const parts = readList(source.content, `${path}.content`).map((entry, index) => {
    const place = `${path}.content.${index}`
    const inner = readObject(entry, place)
    if (inner.type === 'image') return readImage(inner, place)
    if (inner.type === 'text') return { type: 'text', text: readText(inner.text, `${place}.text`) } as const
    throw wrongField(`${place}.type`, '"text" or "image" inside a document')
  })
  return [...heading, ...parts]
}

/** A `search_result` block, which other wires do not know, as text. */
export function readSearchResult(block: JsonObject, path: string): TextPart {
  const texts = readList(block.content, `${path}.content`).map((entry, index) => {
    const inner = readObject(entry, `${path}.content.${index}`)
    return readText(inner.text, `${path}.content.${index}.text`)
  })
  const head = [readOptionalText(block.title, `${path}.title`), readOptionalText(block.source, `${path}.source`)]
  return {
    type: 'text',
    text: [...head.filter((text) => text !== undefined), ...texts].join('\n'),
    ...readCacheMark(block, path),
  }
}

function readSource(source: JsonObject, path: string): { source: MediaSource; mimeType: string | undefined } {
  switch (source.type) {
    case 'base64': {
      const data = readText(source.data, `${path}.data`).replaceAll(/\s+/g, '')
      if (data === '' || data.length % 4 !== 0 || !base64.test(data)) throw wrongField(`${path}.data`, 'valid base64')
      return { source: { kind: 'base64', data }, mimeType: readText(source.media_type, `${path}.media_type`) }
    }
    case 'url': {
      const url = readText(source.url, `${path}.url`)
      if (!/^https?:\/\//i.test(url)) throw wrongField(`${path}.url`, 'an address starting with https://')
      return { source: { kind: 'url', url }, mimeType: undefined }
    }
    case 'file':
      return {
        source: { kind: 'file_id', id: readText(source.file_id, `${path}.file_id`), dialect: 'messages' },
        mimeType: undefined,
      }
    default:
      if (isAbsent(source.type)) throw wrongField(`${path}.type`, '"base64", "url" or "file"')
      throw notCarried(`${path}.type`, 'A source of this type')
  }
}
