import type { Agent } from './agent.ts'
import { aider } from './aider/aider.ts'
import { claudeCode } from './claude-code/claude-code.ts'
import { cline } from './cline/cline.ts'
import { codex } from './codex/codex.ts'
import { continueDev } from './continue/continue.ts'
import { copilotCli } from './copilot-cli/copilot-cli.ts'
import { crush } from './crush/crush.ts'
import { cursor } from './cursor/cursor.ts'
import { environment } from './environment/environment.ts'
import { geminiCli } from './gemini-cli/gemini-cli.ts'
import { goose } from './goose/goose.ts'
import { kiloCode } from './kilo-code/kilo-code.ts'
import { librechat } from './librechat/librechat.ts'
import { ohMyOpenagent } from './oh-my-openagent/oh-my-openagent.ts'
import { openWebui } from './open-webui/open-webui.ts'
import { opencode } from './opencode/opencode.ts'
import { openhands } from './openhands/openhands.ts'
import { qwenCode } from './qwen-code/qwen-code.ts'
import { rooCode } from './roo-code/roo-code.ts'
import { curl, python, typescript } from './sdk/snippets.ts'
import { vscodeChat } from './vscode-chat/vscode-chat.ts'
import { zed } from './zed/zed.ts'

/** Every agent an export knows, in the order in which they are listed. */
export const agents: readonly Agent[] = [
  opencode,
  ohMyOpenagent,
  claudeCode,
  codex,
  geminiCli,
  qwenCode,
  crush,
  goose,
  aider,
  continueDev,
  cline,
  rooCode,
  kiloCode,
  zed,
  vscodeChat,
  copilotCli,
  openhands,
  openWebui,
  librechat,
  environment,
  python,
  typescript,
  curl,
  cursor,
]

/** By its id, or a spelling of it that people write. */
export function findAgent(id: string): Agent | undefined {
  return agents.find((agent) => agent.id === (otherSpellings[id] ?? id))
}

const otherSpellings: Readonly<Record<string, string>> = {
  claude: 'claude-code',
  gemini: 'gemini-cli',
  qwen: 'qwen-code',
  roo: 'roo-code',
  kilo: 'kilo-code',
  copilot: 'copilot-cli',
  vscode: 'vscode-chat',
  omo: 'oh-my-openagent',
  'oh-my-opencode': 'oh-my-openagent',
  'cline-cli': 'cline',
  openwebui: 'open-webui',
  shell: 'env',
}
