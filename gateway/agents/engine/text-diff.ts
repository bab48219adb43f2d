import { createTwoFilesPatch } from 'diff'

/** Both undefined-able: a file that is not there. Empty = no difference. Secrets are shown by their last four characters. */
export function textDiff(
  path: string,
  before: string | undefined,
  after: string | undefined,
  secrets: readonly string[],
): string {
  if (before === after) return ''
  const name = (text: string | undefined) => (text === undefined ? '/dev/null' : path)
  const patch = createTwoFilesPatch(name(before), name(after), before ?? '', after ?? '', '', '', { context: 3 })
  const [, ...lines] = patch.split('\n')
  return withoutSecrets(lines.join('\n'), secrets)
}

/** What looks like a key of somebody else's in the user's own file: by its beginning, or by the name before it. */
const foreignKeys: readonly RegExp[] = [
  /()\b((?:sk|rk|pk|gsk|xai|hf|ghp|gho|ghs|glpat|github_pat|AIza|ya29)[\w.-]{12,})/gu,
  /((?:api[-_]?key|token|secret|passw(?:or)?d)["']?[ \t]*[:=][ \t]*["']?)([\w.+/=-]{12,})/giu,
]

/** The text with secrets, and what looks like one, shown by their last four characters. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const masked = secrets.reduce((rest, secret) => rest.replaceAll(secret, `sk-…${secret.slice(-4)}`), text)
  return foreignKeys.reduce(
    (rest, pattern) =>
      rest.replace(pattern, (_, name: string, key: string) => `${name}${key.slice(0, 3)}…${key.slice(-4)}`),
    masked,
  )
}
