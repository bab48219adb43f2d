import type { JsonValue } from '../model/json.ts'
import type { Database } from './database.ts'

/** Small facts the gateway remembers between runs, such as `demo.real_model_seen`. */
export interface SettingsRepository {
  /** Undefined when never set. */
  get(key: string): Promise<JsonValue | undefined>
  set(key: string, value: JsonValue): Promise<void>
  /** True when there was something to delete. */
  delete(key: string): Promise<boolean>
}

export function createSettingsRepository({ database }: { readonly database: Database }): SettingsRepository {
  const select = database.prepare<[string], string>('SELECT value FROM settings WHERE key = ?').pluck()
  const upsert = database.prepare(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const remove = database.prepare('DELETE FROM settings WHERE key = ?')

  return {
    async get(key) {
      const text = select.get(key)
      return text === undefined ? undefined : (JSON.parse(text) as JsonValue)
    },
    async set(key, value) {
      upsert.run(key, JSON.stringify(value))
    },
    async delete(key) {
      return remove.run(key).changes > 0
    },
  }
}
