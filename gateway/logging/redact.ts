/** What a secret or a piece of a conversation is replaced with. */
export const redacted = '[redacted]'

const deniedWords =
  `authorization api_key x_api_key x_goog_api_key x_litellm_api_key key master_key control_token token access_token
  refresh_token auth_token client_secret signature secret password passwd credential credentials cookie set_cookie
  headers raw_headers trailers body raw_body payload chunk data messages prompt content contents input output system
  system_text user_text instructions text completion choices delta answer arguments facts environment env`.split(/\s+/)

/**
 * Keys of log fields whose values are never written, wherever they occur in an object: credentials, and everything that
 * can hold a prompt or an answer. Folded: look a key up with `foldKey`.
 */
export const deniedKeys: ReadonlySet<string> = new Set(deniedWords.map(foldKey))

/** The same in every usual spelling, where only exact keys can be named: `api_key`, `api-key`, `apiKey`, `apikey`. */
export const deniedSpellings: readonly string[] = deniedWords.flatMap((word) => [
  word,
  word.replaceAll('_', '-'),
  word.replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase()),
  foldKey(word),
])

/** Folds spelling variants of a key (`x-api-key`, `xApiKey`, `X_API_KEY`) to one. */
export function foldKey(key: string): string {
  return key.toLowerCase().replaceAll(/[-_]/g, '')
}

/**
 * Shapes of credentials in free text. Each pattern keeps its first group and cuts the rest. All are linear: one run of a
 * negated character class each, so a hostile text cannot make them slow. None touches JSON's own punctuation, since they
 * also run over finished log lines.
 */
const credentialPatterns: readonly RegExp[] = [
  /(\bbearer\s+)[^\s"'\\,;]{4,}/gi,
  // Long runs only: "token limit" is no credential.
  /(\b(?:basic|token)\s+)[A-Za-z0-9+/=_.-]{16,}/gi,
  /(\b(?:sk|rk|pk|gsk|xai|hf|ghp|gho|ghs|glpat|AIza|ya29)[-_.]?)(?<=[-_.]|AIza|ya29)[A-Za-z0-9_\-.]{8,}/g,
  /(:\/\/)[^\s/"'\\@?#]{1,1024}@/g,
  /((?:api[-_]?key|access[-_]?token|auth[-_]?token|client[-_]?secret|password|passwd|secret|signature|[?&]key|[?&]token|[?&]code|#code)["\\]{0,3}\s{0,4}[=:]\s{0,4}["\\]{0,3})(?![[{]|(?:-?\d[\d.e+-]{0,30}|true|false|null)[,}\]])[^\s"'\\&,;}]{1,4096}/gi,
]

/** Removes credentials from a text: bearer tokens, keys by their well-known prefixes, user info in URLs, `key=value` pairs. */
export function redactText(text: string): string {
  let result = text
  for (const pattern of credentialPatterns) {
    result = result.replace(pattern, (_match, kept: string) => `${kept}${redacted}${kept === '://' ? '@' : ''}`)
  }
  return result
}
