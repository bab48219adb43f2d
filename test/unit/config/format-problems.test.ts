import { describe, expect, it } from 'vitest'
import { formatProblem, formatProblems } from '../../../gateway/config/format-problems.ts'
import { loadText } from './load-text.ts'

describe('problems in a terminal', () => {
  it('are grouped by severity, one line each, with file, line, column and path', () => {
    const { problems } = loadText('signalbox:\n  port: x\n  prot: 1\ngeneral_settings: {database_url: x}\n')
    expect(formatProblems(problems, '/etc/signalbox').replaceAll('\\', '/')).toBe(`Errors (1)
  config.yaml:2:9 port is the text "x", must be a whole number of 0 or more and at most 65535 (signalbox.port)

Warnings (1)
  config.yaml:3:3 prot is not a known key: it has no effect (signalbox.prot)

Notes (1)
  config.yaml:4:20 database_url: the built-in database is used; no PostgreSQL is needed (general_settings.database_url)
`)
  })

  it('are an empty text when there are none', () => {
    expect(formatProblems([])).toBe('')
  })

  it('cannot steer the terminal through names of the file', () => {
    const { problems } = loadText('"\\e[2Jevil": 1\n')
    const [problem] = problems
    expect(problem && formatProblem(problem)).not.toMatch(/\p{Cc}/u)
  })
})
