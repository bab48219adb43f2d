import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pitfalls } from './pitfalls.ts'

const tests = join(import.meta.dirname, '..')

/** What stands in the titles of a file's tests: every line that opens one, or a row of a table of cases. */
function titlesOf(file: string): string {
  const path = join(tests, file)
  expect(existsSync(path), `test/${file} does not exist`).toBe(true)
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => /\b(?:it|test|describe)\b|^\s*\)?\(?\[?['"`]|^\s*\]\)\(|^\s*name: ['"`]/u.test(line))
    .join('\n')
}

describe('the known pitfalls', () => {
  it('are all in the index, each once', () => {
    const numbers = pitfalls.map(([number]) => number)
    expect(numbers).toEqual(Array.from({ length: 87 }, (_, index) => index + 1))
  })

  it.each(pitfalls)('%i, %s: has a test, or a reason', (_number, _what, coverage) => {
    if (typeof coverage === 'string') {
      expect(coverage).toMatch(/^[A-Z].*\.$/u)
      return
    }
    expect(coverage.length).toBeGreaterThan(0)
    for (const { file, test } of coverage) {
      expect(titlesOf(file).includes(test), `no test of test/${file} has "${test}" in its title`).toBe(true)
    }
  })
})
