/** The wire formats that clients speak. */
export const dialects = ['chat-completions', 'responses', 'messages', 'gemini'] as const

export type Dialect = (typeof dialects)[number]
