import type { TraceTarget } from '../gateway-config.ts'
import type { ConfigFile } from '../schema/config-file.ts'
import type { LitellmSettings } from '../schema/litellm-settings.ts'
import { type CompileContext, locate } from './compile-context.ts'

/** The keys that list callbacks. LiteLLM tells success and failure apart; a row of the ledger is both. */
const callbackKeys = ['callbacks', 'success_callback', 'failure_callback', 'service_callback'] as const

type Meaning = TraceTarget['name'] | 'built-in'

const meanings: Readonly<Record<string, Meaning>> = {
  otel: 'otel',
  opentelemetry: 'otel',
  langfuse: 'langfuse',
  langfuse_otel: 'langfuse',
  prometheus: 'built-in',
}

const defaultTimeoutMs = 10_000
const longestTimeoutMs = 60_000

/**
 * The collectors that LiteLLM's callbacks name, with the variables that OpenTelemetry and Langfuse have for them. Any
 * other callback is warned about once; `prometheus` needs nothing, since `/metrics` is always there.
 */
export function compileTraces(file: ConfigFile, context: CompileContext): readonly TraceTarget[] {
  const settings = file.litellm_settings
  if (settings === undefined) return []
  const wanted = new Map<TraceTarget['name'], Where>()
  for (const key of callbackKeys) {
    for (const name of callbacksOf(settings, key)) {
      const meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined
      if (meaning === undefined) warnOfOther(name, settings, key, context)
      else if (meaning !== 'built-in' && !wanted.has(meaning)) wanted.set(meaning, locate(context, settings, key))
    }
  }
  if (context.variables.peek('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') wanted.delete('otel')
  const targets = [...wanted].flatMap(([name, where]) =>
    name === 'otel' ? otel(where, context) : langfuse(where, context),
  )
  if (targets.length > 0) warnOfContent(wanted, context)
  return targets
}

type Where = ReturnType<typeof locate>

function callbacksOf(settings: LitellmSettings, key: (typeof callbackKeys)[number]): readonly string[] {
  const written = settings[key]
  if (written === undefined) return []
  return (typeof written === 'string' ? [written] : written).map((name) => name.trim())
}

function warnOfOther(
  name: string,
  settings: LitellmSettings,
  key: (typeof callbackKeys)[number],
  context: CompileContext,
): void {
  context.problems.once('warning', `callback ${name}`, {
    ...locate(context, settings, key),
    message: `${key}: ${JSON.stringify(name.slice(0, 60))} is not supported. The ledger has every request; otel and langfuse send traces`,
    seen: name.slice(0, 60),
    wanted: 'otel, langfuse or prometheus',
  })
}

function otel(where: Where, context: CompileContext): TraceTarget[] {
  const peek = (name: string): string | undefined => context.variables.peek(name)
  const traces = peek('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT')
  const base = peek('OTEL_EXPORTER_OTLP_ENDPOINT') ?? peek('OTEL_ENDPOINT') ?? 'http://localhost:4318'
  const url = traces ?? `${base.replace(/\/+$/u, '')}${base.includes('/v1/traces') ? '' : '/v1/traces'}`
  const protocol = peek('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? peek('OTEL_EXPORTER_OTLP_PROTOCOL')
  if (protocol === 'grpc') {
    context.problems.warning({
      ...where,
      message:
        'Traces are sent over HTTP as JSON; OTEL_EXPORTER_OTLP_PROTOCOL says grpc. Name the HTTP port of the collector (usually 4318)',
      seen: protocol,
      wanted: 'http/json',
    })
  }
  const headers = pairs(
    peek('OTEL_EXPORTER_OTLP_TRACES_HEADERS') ?? peek('OTEL_EXPORTER_OTLP_HEADERS') ?? peek('OTEL_HEADERS'),
  )
  return target('otel', url, headers, where, context)
}

function langfuse(where: Where, context: CompileContext): TraceTarget[] {
  const { variables, problems } = context
  const [publicKey, secretKey] = [variables.find('LANGFUSE_PUBLIC_KEY'), variables.find('LANGFUSE_SECRET_KEY')]
  if (publicKey === undefined || secretKey === undefined) {
    problems.warning({
      ...where,
      message:
        'langfuse needs LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY. No traces are sent to it until both are set',
      seen: 'not set',
      wanted: 'both variables',
    })
    return []
  }
  const host =
    variables.peek('LANGFUSE_OTEL_HOST') ??
    variables.peek('LANGFUSE_HOST') ??
    variables.peek('LANGFUSE_BASE_URL') ??
    'https://cloud.langfuse.com'
  const credentials = Buffer.from(`${publicKey.trim()}:${secretKey.trim()}`).toString('base64')
  const url = `${host.replace(/\/+$/u, '')}/api/public/otel/v1/traces`
  return target('langfuse', url, { authorization: `Basic ${credentials}` }, where, context)
}

function target(
  name: TraceTarget['name'],
  url: string,
  headers: Readonly<Record<string, string>>,
  where: Where,
  context: CompileContext,
): TraceTarget[] {
  const peek = (variable: string): string | undefined => context.variables.peek(variable)
  if (!/^https?:$/u.test(URL.parse(url)?.protocol ?? '')) {
    const wanted = 'an address that begins with http:// or https://'
    context.problems.warning({
      ...where,
      message: `The address of ${name} must be ${wanted}. No traces are sent`,
      seen: 'another text',
      wanted,
    })
    return []
  }
  const timeout = Number(peek('OTEL_EXPORTER_OTLP_TIMEOUT') ?? defaultTimeoutMs)
  const resource = pairs(peek('OTEL_RESOURCE_ATTRIBUTES'))
  return [
    {
      name,
      url,
      headers,
      timeoutMs: timeout > 0 ? Math.min(timeout, longestTimeoutMs) : defaultTimeoutMs,
      serviceName: peek('OTEL_SERVICE_NAME') ?? resource['service.name'] ?? 'signalbox',
      resource,
    },
  ]
}

/** `name=value,name=value` with percent escapes, as OpenTelemetry's variables have it; names in lower case. What is no pair is left out. */
function pairs(text: string | undefined): Record<string, string> {
  const entries = (text ?? '').split(',').flatMap((pair): [string, string][] => {
    const [name = '', ...rest] = pair.split('=')
    const value = unescape(rest.join('=').trim())
    return name.trim() === '' || rest.length === 0 ? [] : [[name.trim().toLowerCase(), value]]
  })
  return Object.fromEntries(entries)
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function warnOfContent(wanted: ReadonlyMap<string, Where>, context: CompileContext): void {
  const capture = context.variables.peek('OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT')
  const [where] = wanted.values()
  if (capture === undefined || /^(?:false|0|no|NO_CONTENT)$/iu.test(capture)) return
  context.problems.warning({
    ...where,
    message:
      'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT is set, but traces hold no prompts and answers in this version: numbers and names only',
    seen: capture.slice(0, 40),
    wanted: 'false',
  })
}
