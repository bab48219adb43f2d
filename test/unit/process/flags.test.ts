import { array, assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readGatewayFlags } from '../../../gateway/process/flags.ts'

describe('the command line of the gateway', () => {
  it('reads its own flags in both forms', () => {
    const flags = readGatewayFlags(['--config', 'a.yaml', '--port=0', '--host', '0.0.0.0', '--data-dir=/data=1'])
    expect(flags).toMatchObject({
      config: 'a.yaml',
      port: 0,
      host: '0.0.0.0',
      dataDir: '/data=1',
      action: 'run',
      problems: [],
      notes: [],
    })
  })

  it('accepts the flags of LiteLLM with a note', () => {
    const flags = readGatewayFlags(['--num_workers', '8', '--config', 'a.yaml', '--detailed_debug'])
    expect(flags).toMatchObject({ config: 'a.yaml', problems: [] })
    expect(flags.notes).toHaveLength(2)
    expect(flags.notes.join()).toMatch(/num_workers.*detailed_debug/)
  })

  it.each<[string[], RegExp]>([
    [['--prot', '4000'], /--prot is not a flag.* --port is/],
    [['--zebra'], /--zebra is not a flag of the gateway/],
    [['--port', '70000'], /--port is "70000"/],
    [['--port', '4e3'], /whole number/],
    [['--port'], /--port needs a value/],
    [['--config', '--port', '1'], /--config needs a value/],
    [['--host='], /--host needs a value/],
    [['start'], /"start" is not expected/],
  ])('refuses %j', (argv, expected) => {
    expect(readGatewayFlags(argv).problems.join('\n')).toMatch(expected)
  })

  it('knows --help and --version', () => {
    expect(readGatewayFlags(['-h']).action).toBe('help')
    expect(readGatewayFlags(['--version']).action).toBe('version')
  })

  it('never throws, whatever it is given', () => {
    assert(
      property(array(string()), (argv) => {
        expect(Array.isArray(readGatewayFlags(argv).problems)).toBe(true)
      }),
    )
  })
})
