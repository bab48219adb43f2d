import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchNpmParent } from '../../../gateway/process/npm-parent.ts'

describe('the shell that npm runs a script in', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function watch(script: string | undefined, platform: NodeJS.Platform = 'linux') {
    let parent = 100
    const onGone = vi.fn()
    const stop = watchNpmParent({
      platform,
      environment: { npm_lifecycle_event: script },
      parentId: () => parent,
      onGone,
    })
    return {
      onGone,
      stop,
      lose: () => {
        parent = 1
        vi.advanceTimersByTime(2_000)
      },
    }
  }

  it.each(['start', 'gateway', 'cli'])('is missed once when it goes: npm run %s', (script) => {
    const { onGone, lose } = watch(script)
    vi.advanceTimersByTime(60_000)
    expect(onGone).not.toHaveBeenCalled()
    lose()
    expect(onGone).toHaveBeenCalledOnce()
  })

  it('is not watched inside other scripts, without npm, on Windows, nor after the end', () => {
    for (const script of ['test', undefined]) {
      const { onGone, lose } = watch(script)
      lose()
      expect(onGone).not.toHaveBeenCalled()
    }
    const onWindows = watch('start', 'win32')
    onWindows.lose()
    expect(onWindows.onGone).not.toHaveBeenCalled()
    const stopped = watch('start')
    stopped.stop()
    stopped.lose()
    expect(stopped.onGone).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })
})
