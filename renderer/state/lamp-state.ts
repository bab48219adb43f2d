/** What a lamp shows: there, away, off or merely found, on its way, failed. */
export type LampState = 'up' | 'away' | 'off' | 'loading' | 'failed'
