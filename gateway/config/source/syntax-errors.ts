/**
 * Our sentence for each error code of the YAML parser (yaml 2, `ErrorCode`). The parser's own messages are not used: some
 * quote the text at fault, which may be a key.
 */
const sentences: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'An alias (*name) cannot have an anchor or tag of its own.',
  BAD_ALIAS: 'The name of an anchor or alias is not valid here.',
  BAD_COLLECTION_TYPE: 'The tag does not fit this kind of value.',
  BAD_DIRECTIVE: 'A line that starts with % is a YAML directive, and this one is not known. Put the text in quotes.',
  BAD_DQ_ESCAPE: 'Unknown escape in double quotes. Write \\\\ for a backslash, or use single quotes.',
  BAD_INDENT: 'The indentation does not fit the lines above. Line this up with its neighbours, using spaces.',
  BAD_PROP_ORDER: 'Anchors and tags come before the value, on the same side of the dash or colon.',
  BAD_SCALAR_START: 'A value cannot start with this character unless it is in quotes.',
  BLOCK_AS_IMPLICIT_KEY:
    'Two keys stand on one line, or a value contains ": ". Put the value in quotes or on its own line.',
  BLOCK_IN_FLOW: 'An indented block cannot stand inside [ ] or { }.',
  IMPOSSIBLE: 'The YAML cannot be read here.',
  KEY_OVER_1024_CHARS: 'A key may have at most 1,024 characters on its line.',
  MISSING_CHAR: 'A character is missing here: a closing quote, bracket or brace, a comma, or the colon after a key.',
  MULTILINE_IMPLICIT_KEY: 'A key must stand on one line. The colon after it may be missing.',
  MULTIPLE_ANCHORS: 'A value can have one anchor (&name) only.',
  MULTIPLE_DOCS: 'A second document starts here (---), but the file holds one. Remove the line.',
  MULTIPLE_TAGS: 'A value can have one tag only.',
  NON_STRING_KEY: 'A key must be text.',
  TAB_AS_INDENT: 'A tab is used for indentation. Use spaces.',
  TAG_RESOLVE_FAILED: 'The tag on this value is not known, or its value does not fit it.',
  UNEXPECTED_TOKEN: 'This does not belong here. A quote, bracket or colon before it may be wrong.',
}

/** What to tell a person about a syntax error; `code` is the parser's. */
export function sentenceForSyntaxError(code: string): string {
  return sentences[code] ?? 'The YAML cannot be read here.'
}
