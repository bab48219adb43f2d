import { StringDecoder } from 'node:string_decoder'

/**
 * The lines of a UTF-8 stream, without their LF or CRLF and without a byte order mark. Only a line feed ends a line:
 * `node:readline` also splits at U+2028 and U+2029, which stand freely inside JSON texts.
 */
export async function* textLines(input: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let isFirst = true
  const take = (line: string): string => {
    const text = isFirst ? line.replace(/^\uFEFF/, '') : line
    isFirst = false
    return text.endsWith('\r') ? text.slice(0, -1) : text
  }
  for await (const chunk of input) {
    const pieces = decoder.write(chunk).split('\n')
    const last = pieces.pop() ?? ''
    for (const piece of pieces) {
      yield take(rest + piece)
      rest = ''
    }
    rest += last
  }
  rest += decoder.end()
  if (rest !== '') yield take(rest)
}
