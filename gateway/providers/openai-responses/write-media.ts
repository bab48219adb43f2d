import type { JsonObject } from '../../model/json.ts'
import type { MediaPart } from '../../model/parts.ts'
import { unsupported } from './refuse.ts'
import type { Warnings } from './warnings.ts'

/** An image, document or audio part as Responses content. @throws GatewayError `unsupported_field` for what it has no place for */
export function writeMedia(provider: string, part: MediaPart, warnings: Warnings): JsonObject {
  if (part.source.kind === 'file_id' && !ownFiles.has(part.source.dialect)) {
    throw unsupported(provider, 'file_id', 'the file is in the account of another provider. Send its content.')
  }
  switch (part.kind) {
    case 'image':
      return writeImage(provider, part)
    case 'document':
      return writeDocument(part, warnings)
    case 'audio':
      return writeAudio(provider, part)
    case 'video':
      throw unsupported(provider, 'video', 'its wire has no video. Send frames as images.')
  }
}

/** Chat completions and Responses share one place for files. */
const ownFiles: ReadonlySet<string> = new Set(['chat-completions', 'responses'])

function writeImage(provider: string, part: MediaPart): JsonObject {
  const detail = part.detail ?? 'auto'
  const { source } = part
  switch (source.kind) {
    case 'base64':
      return { type: 'input_image', detail, image_url: `data:${part.mimeType ?? 'image/png'};base64,${source.data}` }
    case 'url':
      return { type: 'input_image', detail, image_url: source.url }
    case 'file_id':
      return { type: 'input_image', detail, file_id: source.id }
    case 'text':
      throw unsupported(provider, 'image', 'it is given as text.')
  }
}

function writeDocument(part: MediaPart, warnings: Warnings): JsonObject {
  const { source } = part
  switch (source.kind) {
    case 'base64': {
      const mimeType = part.mimeType ?? 'application/pdf'
      if (part.title !== undefined || part.context !== undefined)
        warnings.add('dropped title and context of a document')
      const filename = part.filename ?? part.title ?? 'document.pdf'
      return { type: 'input_file', filename, file_data: `data:${mimeType};base64,${source.data}` }
    }
    case 'url':
      return { type: 'input_file', file_url: source.url }
    case 'file_id':
      return { type: 'input_file', file_id: source.id }
    case 'text': {
      warnings.add('a text document is sent as text')
      const head = [part.title ?? part.filename, part.context].filter((text) => text !== undefined)
      return { type: 'input_text', text: [...head, source.text].join('\n\n') }
    }
  }
}

function writeAudio(provider: string, part: MediaPart): JsonObject {
  const format = audioFormats[part.mimeType ?? ''] ?? part.mimeType?.replace('audio/', '')
  if (part.source.kind !== 'base64' || format === undefined) {
    throw unsupported(provider, 'audio', 'it must come as base64 with its format.')
  }
  return { type: 'input_audio', input_audio: { data: part.source.data, format } }
}

const audioFormats: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
}
