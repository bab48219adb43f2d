import type { TestProject } from 'vitest/node'
import { installClient, type InstalledClient } from './install-client.ts'

/** Every client of these tests in the one version they were written for. */
export const pinnedClients = {
  opencode: ['opencode-ai', '1.18.33'],
  codex: ['@openai/codex', '0.169.0'],
  claude: ['@anthropic-ai/claude-code', '2.1.197'],
  gemini: ['@google/gemini-cli', '0.61.0'],
  qwen: ['@qwen-code/qwen-code', '0.24.4'],
  continue: ['@continuedev/cli', '1.5.47'],
  cline: ['cline', '3.0.65'],
  copilot: ['@github/copilot', '1.0.102'],
  omo: ['oh-my-opencode', '4.19.4'],
  anthropicSdk: ['@anthropic-ai/sdk', '1.11.0'],
  aiSdk: ['ai', '7.0.173'],
  aiSdkCompatible: ['@ai-sdk/openai-compatible', '3.0.92'],
} as const satisfies Record<string, readonly [name: string, version: string]>

export type ClientName = keyof typeof pinnedClients

declare module 'vitest' {
  interface ProvidedContext {
    readonly clients: Readonly<Record<ClientName, InstalledClient>>
  }
}

/** Runs once before all tests: installs what is not in the cache yet, side by side, and says what is missing and why. */
export default async function installAll(project: TestProject): Promise<void> {
  const names = Object.keys(pinnedClients) as ClientName[]
  const installed = await Promise.all(
    names.map((name) => {
      const [packageName, version] = pinnedClients[name]
      return installClient(packageName, version)
    }),
  )
  for (const client of installed) if (!client.installed) console.warn(`SKIPPED: ${client.reason}`)
  project.provide(
    'clients',
    Object.fromEntries(names.map((name, index) => [name, installed[index]])) as Record<ClientName, InstalledClient>,
  )
}
