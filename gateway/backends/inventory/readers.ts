import type { BackendVendor } from '../../config/providers/backend-names.ts'
import type { InventoryReader } from './inventory.ts'
import { readLlamaCpp } from './llama-cpp.ts'
import { readLmStudio } from './lm-studio.ts'
import { readOllama } from './ollama.ts'
import { readOpenAiList } from './openai-list.ts'
import {
  readDocker,
  readJan,
  readKoboldCpp,
  readLlamaSwap,
  readLocalAi,
  readNim,
  readSglang,
  readTabbyApi,
  readTgi,
  readVllm,
} from './servers.ts'

/** How each kind of server is asked for its models. */
export const inventoryReaders: Readonly<Record<BackendVendor, InventoryReader>> = {
  ollama: readOllama,
  llamacpp: readLlamaCpp,
  vllm: readVllm,
  lmstudio: readLmStudio,
  localai: readLocalAi,
  koboldcpp: readKoboldCpp,
  sglang: readSglang,
  tgi: readTgi,
  mlx: (questions) => readOpenAiList(questions),
  jan: readJan,
  docker: readDocker,
  'llama-swap': readLlamaSwap,
  tabbyapi: readTabbyApi,
  nim: readNim,
  pair: (questions) => readOpenAiList(questions),
}
