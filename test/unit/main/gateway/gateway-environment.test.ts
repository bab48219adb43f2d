import { expect, it } from 'vitest'
import { flagValue, gatewayArguments, gatewayEnvironment } from '../../../../main/gateway/gateway-environment.ts'

it('keeps the keys of the user and drops what would change the runtime', () => {
  expect(
    gatewayEnvironment({
      MISTRAL_API_KEY: 'k',
      PATH: '/bin',
      NODE_OPTIONS: '--inspect',
      ELECTRON_RUN_AS_NODE: '1',
      LD_PRELOAD: 'x',
      debug: '*',
      UNSET: undefined,
    }),
  ).toEqual({ MISTRAL_API_KEY: 'k', PATH: '/bin' })
})

it('finds the flags of the gateway among those of Electron and Chromium', () => {
  const flags = gatewayArguments([
    '/app',
    '--no-sandbox',
    '--',
    '--port=4100',
    '--data-dir',
    '/d',
    '--hidden',
    '--config',
    '/c=1.yaml',
  ])
  expect(flags).toEqual(['--port', '4100', '--data-dir', '/d', '--config', '/c=1.yaml'])
  expect(flagValue(flags, '--data-dir')).toBe('/d')
  expect(flagValue(flags, '--host')).toBeUndefined()
  expect(gatewayArguments(['--port'])).toEqual([])
})
