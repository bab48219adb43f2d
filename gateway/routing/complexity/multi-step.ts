/**
 * The four patterns of a prompt in several steps. They are as coarse as LiteLLM's, whose results we reproduce: "then"
 * is found inside "authentication", and "3.12. " passes for a numbered list.
 */
const patterns: readonly { readonly name: string; readonly occurs: (loweredText: string) => boolean }[] = [
  { name: 'first-then', occurs: hasFirstThen },
  { name: 'step-number', occurs: (text) => /step\s*\p{Nd}/u.test(text) },
  // One digit is enough to prove "digits, dot, space"; asking for all of them would be quadratic on long numbers.
  { name: 'numbered-list', occurs: (text) => /\p{Nd}\.\s/u.test(text) },
  { name: 'lettered-list', occurs: (text) => /[a-z]\)\s/.test(text) },
]

/** Names of the multi-step patterns found in a text already in lower case. Linear in its length. */
export function multiStepPatterns(loweredText: string): readonly string[] {
  return patterns.filter((pattern) => pattern.occurs(loweredText)).map((pattern) => pattern.name)
}

/** "first", and later on the same line "then". Visits each line once. */
function hasFirstThen(text: string): boolean {
  let first = text.indexOf('first')
  while (first !== -1) {
    const then = text.indexOf('then', first + 'first'.length)
    if (then === -1) return false
    const lineEnd = text.indexOf('\n', first)
    if (lineEnd === -1 || then < lineEnd) return true
    // The "then" is on a later line, so only a "first" on that line can pair with it.
    first = text.indexOf('first', text.lastIndexOf('\n', then) + 1)
  }
  return false
}
