import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkArchitecture, findFolderCycles } from './architecture/check-architecture.ts'
import { entryFolders, gatewayFolders } from './architecture/rules.ts'
import { codeLines, parseSource, readSources } from './architecture/source-file.ts'

const root = join(import.meta.dirname, '..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
}
const dependencies = new Set(Object.keys(manifest.dependencies))
const sources = readSources(root, ['gateway', 'main', 'renderer'])

/** Checks one imaginary project of a few files. */
function problemsOf(files: Record<string, string>): string[] {
  return checkArchitecture(
    Object.entries(files).map(([path, text]) => parseSource(path, text)),
    dependencies,
  )
}

describe('the project', () => {
  test('keeps every import rule', () => {
    expect(checkArchitecture(sources, dependencies)).toEqual([])
  })

  test('is really read', () => {
    expect(sources.length).toBeGreaterThan(20)
    expect(sources.flatMap((file) => file.imports).length).toBeGreaterThan(20)
  })

  test('has a rule for every folder of the gateway, and the table has no cycle', () => {
    const known = Object.keys(gatewayFolders)
    for (const [index, folder] of known.entries()) {
      for (const target of gatewayFolders[folder] ?? []) expect(known.indexOf(target)).toBeLessThan(index)
    }
    const present = new Set(
      sources
        .map((file) => file.path.split('/'))
        .filter((parts) => parts[0] === 'gateway' && parts.length > 2)
        .map((parts) => parts[1]),
    )
    expect([...present].filter((folder) => ![...known, ...entryFolders].includes(folder ?? ''))).toEqual([])
  })
})

describe('each rule can fail', () => {
  test.each<[string, string, string, string]>([
    ['the gateway knows nothing of main', 'gateway/http/a.ts', "import '../../main/b.ts'", 'runs alone'],
    [
      'nor of the renderer, not even types',
      'gateway/http/a.ts',
      "import type { B } from '../../renderer/b.ts'",
      'runs alone',
    ],
    ['nor of tests', 'gateway/http/a.ts', "await import('../../test/b.ts')", 'runs alone'],
    ['nor of Electron', 'gateway/http/a.ts', "import type { App } from 'electron'", 'take a port'],
    ['main sees only the contract', 'main/a.ts', "import { b } from '../gateway/config/b.ts'", 'gateway/contract'],
    [
      'the renderer sees only the contract',
      'renderer/a.tsx',
      "import { b } from '../gateway/model/b.ts'",
      'gateway/contract',
    ],
    ['the renderer has no Node', 'renderer/a.ts', "import { join } from 'node:path'", 'browser'],
    ['dialects do not see providers', 'gateway/dialects/a.ts', "import { b } from '../providers/b.ts'", 'meet only in'],
    ['providers do not see dialects', 'gateway/providers/a.ts', "export { b } from '../dialects/b.ts'", 'meet only in'],
    ['lower folders do not see higher ones', 'gateway/ledger/a.ts', "import { b } from '../relay/b.ts'", 'may import'],
    ['import() types count', 'gateway/store/a.ts', "type B = import('../http/b.ts').B", 'may import'],
    ['require counts', 'gateway/store/a.ts', "const b = require('../http/b.ts')", 'may import'],
    ['parts do not import entries', 'gateway/http/a.ts', "import { b } from '../index.ts'", 'as a parameter'],
    ['a new folder needs a row', 'gateway/novel/a.ts', "import { b } from '../model/b.ts'", 'add one'],
    ['routing does no I/O', 'gateway/routing/a.ts', "import { readFileSync } from 'node:fs'", 'no I/O'],
    ['the contract imports no package', 'gateway/contract/a.ts', "import { z } from 'pino'", 'typebox'],
    ['SQLite has its owners', 'gateway/http/a.ts', "import Database from 'better-sqlite3'", 'gateway/store'],
    ['undici has its owner', 'gateway/relay/a.ts', "import { Agent } from 'undici'", 'gateway/upstream'],
    ['Fastify has its owner', 'gateway/access/a.ts', "import type { FastifyRequest } from 'fastify'", 'gateway/http'],
    ['YAML has its owner', 'gateway/cli/a.ts', "import { parse } from 'yaml'", 'gateway/config'],
    ['electron values have their places', 'main/tray/a.ts', "import { Tray } from 'electron'", 'import the type'],
    ['inline type imports are values', 'main/tray/a.ts', "import { type Tray } from 'electron'", 'import the type'],
    ['the gateway ships what it imports', 'gateway/config/a.ts', "import { z } from 'vitest'", 'must be shipped'],
    ['imports carry extensions', 'gateway/http/a.ts', "import { b } from './b'", 'extension'],
  ])('%s', (_rule, path, text, expected) => {
    const problems = problemsOf({ [path]: text })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^\S+:1: imports /)
    expect(problems[0]).toContain(expected)
  })

  test('only one file imports the keychain', () => {
    const text = "import { AsyncEntry } from '@napi-rs/keyring'"
    expect(problemsOf({ 'gateway/secrets/a.ts': text })).toEqual([])
    expect(problemsOf({ 'gateway/secrets/a.ts': text, 'gateway/secrets/b.ts': text })[0]).toContain('SecretStore')
  })

  test('folders may not import each other in a circle', () => {
    const files = {
      'main/tray/a.ts': "import { b } from '../window/b.ts'",
      'main/window/b.ts': "import type { c } from '../ipc/c.ts'",
      'main/ipc/c.ts': "import { a } from '../tray/a.ts'",
    }
    expect(problemsOf(files)[0]).toContain('main/tray → main/window → main/ipc → main/tray')
    expect(findFolderCycles([parseSource('main/tray/a.ts', "import { b } from './b.ts'")])).toEqual([])
  })

  test('names say what a file does', () => {
    for (const path of ['gateway/http/utils.ts', 'main/window-manager.ts', 'renderer/common/a.tsx']) {
      expect(problemsOf({ [path]: '' })[0]).toContain('says nothing')
    }
    expect(problemsOf({ 'gateway/http/common-log-format.ts': '' })).toHaveLength(1)
    expect(problemsOf({ 'gateway/http/information.ts': '' })).toEqual([])
  })

  test('files stay short', () => {
    const line = 'export const value = 1\n'
    const comments = '// why\n\n/* more\n   why */\n'
    expect(codeLines(comments + line)).toBe(1)
    const text = Array.from({ length: 351 }, (_, index) => `export const value${index} = 1\n`).join('')
    expect(problemsOf({ 'gateway/http/long.ts': text })[0]).toContain('351 lines')
  })
})

describe('what is allowed', () => {
  test.each<[string, string, string]>([
    ['electron values where they belong', 'main/electron/a.ts', "import { app } from 'electron'"],
    ['electron types elsewhere in main', 'main/tray/a.ts', "import type { Tray } from 'electron'"],
    ['entries import everything', 'gateway/cli/a.ts', "import { b } from '../http/b.ts'"],
    ['the launcher may run the gateway itself', 'main/start.ts', "await import('../gateway/process.ts')"],
    ['relay may read dialects', 'gateway/relay/a.ts', "import { b } from '../dialects/b.ts'"],
    ['words in strings are not imports', 'gateway/model/a.ts', 'export const text = "import \'fastify\'"'],
  ])('%s', (_rule, path, text) => {
    expect(problemsOf({ [path]: text })).toEqual([])
  })
})
