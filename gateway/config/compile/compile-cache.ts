import { type CachedCall, cachedCalls, type CacheSettings } from '../gateway-config.ts'
import type { ConfigFile } from '../schema/config-file.ts'
import { nearestName } from '../source/nearest-name.ts'
import { type CompileContext, locate, locateItem } from './compile-context.ts'

const second = 1000
const day = 24 * 60 * 60 * second
const megabyte = 1024 * 1024
const defaultMaxSizeMb = 512
const longestDefaultMs = 30 * day

/** Nothing kept, nothing shared. */
export const cacheOff: CacheSettings = {
  enabled: false,
  coalesce: false,
  mode: 'default_on',
  ttlMs: day,
  maxAgeMs: longestDefaultMs,
  maxBytes: defaultMaxSizeMb * megabyte,
  shared: false,
  namespace: undefined,
  calls: cachedCalls,
}

/** LiteLLM's words for a kind of call, with and without its `a` for asynchronous. An empty list: no such answers are kept. */
const callTypes: Readonly<Record<string, readonly CachedCall[]>> = {
  completion: ['chat-completions', 'messages', 'gemini'],
  text_completion: ['completions'],
  embedding: ['embeddings'],
  responses: ['responses'],
  anthropic_messages: ['messages'],
  generate_content: ['gemini'],
  transcription: [],
  rerank: [],
  speech: [],
  image_generation: [],
  moderation: [],
}

const exactTypes = new Set(['redis', 'local', 'disk', 's3', 'gcs', 'azure-blob'])

/** The cache as LiteLLM's keys and our own block ask for it; our own win. Every `type` means the built-in one: noted once. */
export function compileCache(file: ConfigFile, context: CompileContext): CacheSettings {
  const block = file.signalbox?.cache
  const general = file.litellm_settings
  const params = general?.cache_params
  noteType(file, context)
  const seconds = block?.ttl_s ?? params?.ttl ?? params?.default_in_redis_ttl ?? params?.default_in_memory_ttl
  const ttlMs = seconds === undefined ? cacheOff.ttlMs : Math.ceil(seconds * second)
  return {
    enabled: block?.enabled ?? general?.cache ?? false,
    coalesce: block?.coalesce ?? false,
    mode: block?.mode ?? params?.mode ?? 'default_on',
    ttlMs,
    maxAgeMs: Math.max(longestDefaultMs, ttlMs),
    maxBytes: Math.floor((block?.max_size_mb ?? defaultMaxSizeMb) * megabyte),
    shared: block?.shared ?? false,
    namespace: block?.namespace ?? params?.namespace,
    calls: supportedCalls(params?.supported_call_types, context),
  }
}

function supportedCalls(written: readonly string[] | undefined, context: CompileContext): readonly CachedCall[] {
  if (written === undefined) return cachedCalls
  const named = written.flatMap((name, index) => {
    const calls = callsNamed(name)
    if (calls === undefined) warnOfCall(name, locateItem(context, written, index), context)
    return calls ?? []
  })
  const wanted = new Set(named)
  return cachedCalls.filter((call) => wanted.has(call))
}

function callsNamed(name: string): readonly CachedCall[] | undefined {
  const word = wordOf(name)
  return Object.hasOwn(callTypes, word) ? callTypes[word] : undefined
}

function wordOf(name: string): string {
  return name.trim().replace(/^a(?!nthropic)/u, '')
}

function warnOfCall(name: string, where: ReturnType<typeof locateItem>, context: CompileContext): void {
  const known = Object.keys(callTypes)
  const nearest = nearestName(wordOf(name), known)
  const seen = name.slice(0, 60)
  context.problems.warning({
    ...where,
    message: `supported_call_types has ${JSON.stringify(seen)}, which is no kind of call${nearest === undefined ? '' : `. Write ${nearest}`}`,
    seen,
    wanted: `one of ${known.join(', ')}`,
    nearest,
  })
}

function noteType(file: ConfigFile, context: CompileContext): void {
  const settings = file.litellm_settings
  if (settings === undefined || (settings.cache !== true && settings.cache_params === undefined)) return
  const key = settings.cache_params === undefined ? 'cache' : 'cache_params'
  const type = settings.cache_params?.type
  const isOn = file.signalbox?.cache?.enabled ?? settings.cache ?? false
  const state = isOn ? '' : '; it is off until litellm_settings.cache is true'
  context.problems.note({
    ...locate(context, settings, key),
    message:
      type === undefined || exactTypes.has(type)
        ? `cache: the built-in cache (a file of its own) takes the place of Redis and the others${state}`
        : `cache: for ${JSON.stringify(type.slice(0, 40))} the built-in cache serves: it finds exact repeats, not similar requests${state}`,
  })
}
