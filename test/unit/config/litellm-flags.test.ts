import { describe, expect, it } from 'vitest'
import { readLitellmFlags } from '../../../gateway/config/litellm-flags.ts'

describe('flags of LiteLLM', () => {
  it('are taken out with their values and get a note each', () => {
    const { rest, notes } = readLitellmFlags([
      '--config',
      'c.yaml',
      '--num_workers',
      '4',
      '--detailed_debug',
      '--port',
      '4000',
    ])
    expect(rest).toEqual(['--config', 'c.yaml', '--port', '4000'])
    expect(notes).toEqual([
      "--num_workers is LiteLLM's and is ignored: one process serves all requests.",
      "--detailed_debug is LiteLLM's and is ignored: set SIGNALBOX_LOG_LEVEL for more or less in the log.",
    ])
  })

  it('may be written with = and with dashes', () => {
    expect(readLitellmFlags(['--num-workers=4', '--telemetry=False', 'x']).rest).toEqual(['x'])
  })

  it('never repeat a value, which may be a key', () => {
    expect(readLitellmFlags(['--add_key', 'sk-canary', '--api_base=https://canary']).notes.join()).not.toContain(
      'canary',
    )
  })

  it('do not eat the next flag when the value is forgotten', () => {
    expect(readLitellmFlags(['--model', '--port', '1']).rest).toEqual(['--port', '1'])
  })

  it('leave our own and unknown ones alone, odd names too', () => {
    const argv = ['--data-dir', 'd', '--nonsense', '--constructor', '-m', 'gpt', '--']
    expect(readLitellmFlags(argv).rest).toEqual(['--data-dir', 'd', '--nonsense', '--constructor', '--'])
  })
})
