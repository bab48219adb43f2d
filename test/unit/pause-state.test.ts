import { describe, expect, it } from 'vitest'
import { loadPauseState } from '../../gateway/pause-state.ts'
import type { JsonValue } from '../../gateway/model/json.ts'

function parts(kept: Map<string, JsonValue> = new Map()) {
  const noted: string[] = []
  let time = 1000
  let changes = 0
  const dependencies = {
    settings: {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: JsonValue) => void kept.set(key, value),
      delete: async (key: string) => kept.delete(key),
    },
    audit: { note: (action: string) => void noted.push(action) },
    onChange: () => {
      changes += 1
    },
    now: () => (time += 1),
  }
  return { dependencies, noted, changes: () => changes }
}

describe('the pause of the gateway', () => {
  it('is kept over a restart, told of and noted once', async () => {
    const kept = new Map<string, JsonValue>()
    const first = parts(kept)
    const pause = await loadPauseState(first.dependencies)
    expect(pause.view()).toEqual({ paused: false, since: null })
    await pause.set(true)
    expect(await pause.set(true)).toEqual({ paused: true, since: 1001 })
    expect(first.noted).toEqual(['gateway.paused'])
    expect(first.changes()).toBe(1)
    const again = await loadPauseState(parts(kept).dependencies)
    expect(again.view()).toEqual({ paused: true, since: 1001 })
    expect(await again.set(false)).toEqual({ paused: false, since: null })
    expect((await loadPauseState(parts(kept).dependencies)).view().paused).toBe(false)
  })
})
