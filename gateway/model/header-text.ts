/** HTTP header values are visible ASCII: anything else becomes its percent escape, bounded in length. */
export function headerText(text: string): string {
  const bounded = text.length > 1_000 ? `${text.slice(0, 1_000)}...` : text
  return /^[\x20-\x7e]*$/.test(bounded) ? bounded : bounded.replace(/[^\x20-\x7e]/gu, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return character.isWellFormed() ? encodeURIComponent(character) : '?'
}
