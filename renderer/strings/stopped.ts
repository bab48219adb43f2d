/** The words for a gateway that does not run, in the desktop application. */
export const stoppedStrings = {
  state: 'Stopped',
  title: 'The gateway stopped',
  titles: {
    'bad-config': 'The config has errors',
    'port-taken': 'The port is taken',
    'crash-loop': 'The gateway stopped',
  },
  means: 'No finished request is missing from the ledger. Agents get “connection refused” until it runs.',
  again: 'Start again',
  takePort: (port: number) => `Use ${port}`,
  portNote: 'The port is kept in the config file, and connected agents are pointed there.',
  openConfig: 'Open config file',
  openLog: 'Open log',
} as const
