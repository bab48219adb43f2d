import { type Static, Type } from 'typebox'
import { nullable } from './values.ts'

/** One GPU; null = not told by its driver, never a guess. */
export const GpuViewSchema = Type.Object({
  id: Type.String(),
  vendor: Type.Union([
    Type.Literal('nvidia'),
    Type.Literal('amd'),
    Type.Literal('intel'),
    Type.Literal('apple'),
    Type.Literal('unknown'),
  ]),
  name: Type.String(),
  driver: nullable(Type.String()),
  /** True when it shares the machine's memory. */
  unified: Type.Boolean(),
  memoryTotalBytes: nullable(Type.Number()),
  memoryUsedBytes: nullable(Type.Number()),
  /** Whose memory the two numbers tell of. */
  memoryOf: nullable(Type.Union([Type.Literal('gpu'), Type.Literal('system')])),
  /** 0–100. */
  utilization: nullable(Type.Number()),
  /** Degrees Celsius. */
  temperature: nullable(Type.Number()),
  powerWatts: nullable(Type.Number()),
  /** Profiles of its MIG instances. */
  instances: Type.Array(Type.String()),
  processes: Type.Array(
    Type.Object({
      pid: Type.Integer(),
      name: Type.String(),
      memoryBytes: nullable(Type.Number()),
      /** The local server that it belongs to; null = none that is known. */
      backend: nullable(Type.String()),
    }),
  ),
})

/** `GET /api/gpus`: of this machine. GPUs of other hosts are not known. */
export const GpuListSchema = Type.Object({
  gpus: Type.Array(GpuViewSchema),
  /** Sentences for people: a driver that hangs, a tool that fails. */
  problems: Type.Array(Type.String()),
})

export type GpuView = Static<typeof GpuViewSchema>
export type GpuList = Static<typeof GpuListSchema>
