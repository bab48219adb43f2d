/** The updater of the installed application. */
export interface UpdatePort {
  /** Why this copy cannot be updated by itself; undefined = it can. */
  readonly obstacle: string | undefined
  /**
   * Asks the feed for a newer version and downloads it. `onFound` is told before the download.
   * @returns its version, or undefined when this one is the newest
   * @throws what the network or the feed says
   */
  fetchNewer(onFound: (version: string) => void): Promise<string | undefined>
  /** Ends the app, installs what was downloaded and starts it again. */
  install(): void
}
