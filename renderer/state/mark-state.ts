/** Which lamps of the mark are lit: two in a line, all three, the diagonal pair, or a dark head. */
export type MarkState = 'ok' | 'working' | 'degraded' | 'off'
