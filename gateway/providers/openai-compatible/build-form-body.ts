import { controlFields, forbiddenFields } from '../../model/gateway-fields.ts'
import { type FormPart, formContentType, type UploadForm, writeForm } from '../../model/upload-form.ts'
import type { EndpointCall } from '../provider.ts'

export interface FormBody {
  readonly bytes: Buffer
  readonly contentType: string
  readonly warnings: readonly string[]
}

/**
 * The upstream's form out of the client's: the model's name replaced, control fields taken out, the deployment's plain
 * defaults added. Files and all other fields keep their bytes.
 */
export function buildFormBody({ deployment, defaults }: EndpointCall, form: UploadForm): FormBody {
  const warnings: string[] = []
  const parts = form.parts.flatMap((part): FormPart[] => {
    const { name } = part
    if (name === 'model') return [{ ...part, bytes: Buffer.from(deployment.upstreamModel) }]
    if (controlFields.has(name)) return []
    if (forbiddenFields.has(name)) warnings.push(`dropped ${name}: a request may not set it`)
    else if (!deployment.refusedFields.includes(name)) return [part]
    else warnings.push(`dropped ${name}: ${deployment.provider} does not accept it`)
    return []
  })
  const sent = { boundary: form.boundary, parts: [...parts, ...defaultParts(defaults, form)] }
  return { bytes: writeForm(sent), contentType: formContentType(form), warnings }
}

/** A form has texts only: defaults that are objects belong to other endpoints. */
function defaultParts(defaults: EndpointCall['defaults'], form: UploadForm): FormPart[] {
  return Object.entries(defaults).flatMap(([name, value]) => {
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    if (!isPlain || form.parts.some((part) => part.name === name)) return []
    return [{ name, bytes: Buffer.from(String(value)) }]
  })
}
