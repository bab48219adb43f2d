import { GatewayError } from '../model/errors.ts'

/** A top-level field of the request that an upstream refuses by its name. */
export interface FieldRefusal {
  readonly field: string
  /** True where only the value is refused: another request's may be fine. */
  readonly ofValue: boolean
}

/** How upstreams name a field that they do not take: each pattern holds the field's name. */
const parameterWords: readonly RegExp[] = [
  /unrecognized request arguments? supplied:\s+([\w.-]+)/i,
  /unsupported parameter:?\s+['"`]?([\w.-]+)/i,
  /(?:unknown|unrecognized|unexpected) (?:request )?(?:parameter|field|argument|keyword argument):?\s+['"`]?([\w.-]+)/i,
  /(?:property|parameter|field|argument) ['"`]([\w.-]+)['"`] is (?:not supported|unsupported|not allowed|not permitted)/i,
  /does not support (?:the )?(?:parameter|field|argument):?\s+['"`]?([\w.-]+)/i,
  /argument not supported on this model:\s+['"`]?([\w.-]+)/i,
  // Anthropic, FastAPI servers such as Mistral's, and Gemini. A place further down is no field of the top level.
  /(?:^|[\s"])([\w.-]+): Extra inputs are not permitted/i,
  /"extra_forbidden"[^}]*?"loc":\s*\["body",\s*"([\w.-]+)"\]/i,
  /unknown name \\?"([\w.-]+)\\?"(?! at ')/i,
]

const valueWords: readonly RegExp[] = [
  /unsupported value:?\s+['"`]([\w.-]+)['"`]/i,
  /['"`]([\w.-]+)['"`] does not support \S+ with this model/i,
]

/** Codes beside OpenAI's `param`. */
const parameterCodes: ReadonlySet<string> = new Set(['unsupported_parameter', 'unknown_parameter'])

/** Finds the field that a refusal of an upstream is about; undefined where it is about anything else. Pure. */
export function readFieldRefusal({ upstream, param, message }: GatewayError): FieldRefusal | undefined {
  if (upstream === undefined || (upstream.status !== 400 && upstream.status !== 422)) return undefined
  if (param !== null && parameterCodes.has(upstream.code ?? '')) return topLevel(param, false)
  if (param !== null && upstream.code === 'unsupported_value') return topLevel(param, true)
  return topLevel(firstMatch(parameterWords, message), false) ?? topLevel(firstMatch(valueWords, message), true)
}

function firstMatch(patterns: readonly RegExp[], text: string): string | undefined {
  for (const pattern of patterns) {
    const name = pattern.exec(text)?.[1]
    if (name !== undefined) return name
  }
  return undefined
}

function topLevel(name: string | undefined, ofValue: boolean): FieldRefusal | undefined {
  const field = name?.replace(/[.-]+$/, '')
  return field === undefined || !/^[A-Za-z]\w{0,63}$/.test(field) ? undefined : { field, ofValue }
}

/** A request is another one, or none, without these: they are never left out. */
const essentialFields: ReadonlySet<string> = new Set(
  'contents file functions image input instructions messages model prompt stream system systemInstruction system_instruction tools'.split(
    ' ',
  ),
)

export function mayBeLeftOut(field: string): boolean {
  return !essentialFields.has(field)
}

/** The same refusal, with what the owner can do about it. */
export function withDropHint(error: GatewayError, { field }: FieldRefusal): GatewayError {
  const hint = `It refuses the field "${field}"; with \`drop_params: true\` in litellm_settings the gateway leaves such fields out.`
  return new GatewayError(error.code, `${error.message.replace(/\.?$/, '.')} ${hint}`, {
    param: error.param ?? field,
    status: error.status,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error.upstream === undefined ? {} : { upstream: error.upstream }),
  })
}
