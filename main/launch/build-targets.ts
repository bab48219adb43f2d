/** One bundle: what it is made from, and the file that exists once it is made. Paths are relative to the project. */
export interface BuildTarget {
  readonly name: 'renderer' | 'main' | 'preload' | 'gateway'
  readonly configFile: string
  readonly sources: readonly string[]
  readonly output: string
}

/** The contract and the plain types it is written in; every bundle but the gateway's imports nothing else of it. */
const contract = ['gateway/contract', 'gateway/model', 'package-lock.json']

export const rendererTarget: BuildTarget = {
  name: 'renderer',
  configFile: 'vite.config.ts',
  sources: ['renderer', 'vite.config.ts', ...contract],
  output: 'out/renderer/index.html',
}

/** What Electron starts: never TypeScript, always these. */
export const desktopTargets: readonly BuildTarget[] = [
  {
    name: 'main',
    configFile: 'vite.main.config.ts',
    sources: ['main', 'vite.main.config.ts', ...contract],
    output: 'out/main/index.js',
  },
  {
    name: 'preload',
    configFile: 'vite.preload.config.ts',
    sources: ['main/preload', 'main/desktop', 'vite.preload.config.ts', 'package-lock.json'],
    output: 'out/preload/index.cjs',
  },
  {
    name: 'gateway',
    configFile: 'vite.gateway.config.ts',
    sources: ['gateway', 'package.json', 'vite.gateway.config.ts', 'package-lock.json'],
    output: 'out/gateway/process.js',
  },
]
