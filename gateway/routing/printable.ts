/** A name from a request, short and without control characters, so that it can stand in a log line. */
export function printable(name: string): string {
  const short = name.length > 200 ? `${name.slice(0, 200)}...` : name
  return short.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')
}
