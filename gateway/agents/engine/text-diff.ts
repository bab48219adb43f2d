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

/** The text with secrets shown by their last four characters. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, `sk-…${secret.slice(-4)}`), text)
}
