import { modelCapabilities } from '../config/gateway-config.ts'
import { vendorOf } from '../config/providers/backend-names.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import type { BackendMemory, LastRead, RememberedBackend } from './backend.ts'
import type { BackendModel } from './inventory/inventory.ts'
import { objectsIn, sizeIn, textIn } from './probe/probe-answer.ts'

/** A place for one small value, kept between runs. */
export interface KeptValue {
  get(): Promise<JsonValue | undefined>
  set(value: JsonValue): Promise<void>
}

/** More than this nobody has; what was seen longest ago goes first. */
const mostBackends = 100
const mostModels = 300

/** Keeps earlier seen servers in one value. A value that cannot be read or written is no reason to stop. */
export function rememberBackends(kept: KeptValue, onFailure: (failure: unknown) => void): BackendMemory {
  let written = ''
  return {
    async load() {
      try {
        const value = await kept.get()
        return Array.isArray(value) ? value.flatMap(readEntry) : []
      } catch (failure) {
        onFailure(failure)
        return []
      }
    },
    save(backends) {
      const latest = backends.toSorted((one, other) => other.lastSeenAt - one.lastSeenAt).slice(0, mostBackends)
      const entries = latest.map((backend) => writtenEntry(backend))
      // The time alone is not worth a write.
      const text = JSON.stringify(entries.map((entry) => ({ ...entry, lastSeenAt: 0, readAt: 0 })))
      if (text === written) return
      written = text
      kept.set(entries).catch(onFailure)
    },
  }
}

function writtenEntry({ url, name, vendor, lastSeenAt, isNamed, lastRead }: RememberedBackend): JsonObject {
  return {
    url,
    name,
    vendor: vendor ?? null,
    lastSeenAt,
    named: isNamed === true,
    readAt: lastRead?.at ?? null,
    models: (lastRead?.models ?? []).slice(0, mostModels).map((model) => writtenModel(model)),
  }
}

function writtenModel(model: BackendModel): JsonObject {
  const { id, capabilities, contextWindow, sizeBytes, quantization, parameters, cloud } = model
  return {
    id,
    capabilities: capabilities === undefined ? null : [...capabilities],
    contextWindow: contextWindow ?? null,
    sizeBytes: sizeBytes ?? null,
    quantization: quantization ?? null,
    parameters: parameters ?? null,
    cloud: cloud === true,
  }
}

function readEntry(value: JsonValue): RememberedBackend[] {
  if (!isJsonObject(value)) return []
  const { url, name, lastSeenAt } = value
  const vendor = typeof value.vendor === 'string' ? vendorOf(value.vendor) : undefined
  const isNamed = value.named === true
  if (typeof url !== 'string' || !URL.canParse(url) || typeof name !== 'string') return []
  if (vendor === undefined && !isNamed) return []
  const seen = typeof lastSeenAt === 'number' ? lastSeenAt : 0
  return [{ url, name, vendor, lastSeenAt: seen, isNamed, lastRead: readModels(value) }]
}

function readModels({ readAt, models }: JsonObject): LastRead | undefined {
  if (typeof readAt !== 'number') return undefined
  return { at: readAt, models: objectsIn(models).flatMap(readModel) }
}

function readModel(value: JsonObject): BackendModel[] {
  const id = textIn(value.id)
  if (id === undefined) return []
  const words = Array.isArray(value.capabilities) ? value.capabilities : undefined
  return [
    {
      id,
      capabilities: words === undefined ? undefined : modelCapabilities.filter((word) => words.includes(word)),
      contextWindow: sizeIn(value.contextWindow),
      sizeBytes: sizeIn(value.sizeBytes),
      quantization: textIn(value.quantization),
      parameters: textIn(value.parameters),
      ...(value.cloud === true ? { cloud: true } : {}),
    },
  ]
}
