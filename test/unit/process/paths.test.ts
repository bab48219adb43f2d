import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type PathInputs, resolvePaths } from '../../../gateway/process/paths.ts'

const base: PathInputs = {
  config: undefined,
  dataDir: undefined,
  environment: {},
  workingDirectory: resolve('/folder/here'),
  platform: { config: resolve('/home/me/.config/signalbox'), data: resolve('/home/me/.local/share/signalbox') },
}

describe('where things lie', () => {
  it('uses the places of the platform', () => {
    expect(resolvePaths(base)).toEqual({
      configPath: join(base.platform.config, 'config.yaml'),
      configNamed: false,
      dataDir: base.platform.data,
      gatewayFilePath: join(base.platform.data, 'gateway.json'),
      databasePath: join(base.platform.data, 'signalbox.db'),
    })
  })

  it('--data-dir holds everything, relative to where the command runs', () => {
    const paths = resolvePaths({ ...base, dataDir: 'data' })
    expect(paths.dataDir).toBe(resolve('/folder/here/data'))
    expect(paths.configPath).toBe(resolve('/folder/here/data/config.yaml'))
  })

  it('SIGNALBOX_DATA_DIR does the same, the flag wins, an empty one counts as unset', () => {
    const environment = { SIGNALBOX_DATA_DIR: '/from/environment' }
    expect(resolvePaths({ ...base, environment }).dataDir).toBe(resolve('/from/environment'))
    expect(resolvePaths({ ...base, environment, dataDir: '/flag' }).dataDir).toBe(resolve('/flag'))
    expect(resolvePaths({ ...base, environment: { SIGNALBOX_DATA_DIR: '' } }).dataDir).toBe(base.platform.data)
  })

  it('--config moves the config file only', () => {
    const paths = resolvePaths({ ...base, config: 'litellm_config.yaml', dataDir: '/data' })
    expect(paths).toMatchObject({
      configPath: resolve('/folder/here/litellm_config.yaml'),
      configNamed: true,
      dataDir: resolve('/data'),
    })
  })
})
