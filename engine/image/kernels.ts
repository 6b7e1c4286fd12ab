import { readFileSync } from 'node:fs'

/** Memory of WebAssembly; `buffer` is another one after it has grown. */
export interface Memory { readonly buffer: ArrayBuffer, grow (pages: number): number }

/** Of the WebAssembly API, which Node's types lack. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

/**
 * Loads a kernel that the build has compiled from wasm/.
 * @returns makes instances of it, each with its own memory
 */
export function loadKernel<Exports> (name: string): () => Exports & { readonly memory: Memory } {
  const module = new WebAssembly.Module(readFileSync(new URL(`../../wasm/${name}.wasm`, import.meta.url)))
  return () => new WebAssembly.Instance(module).exports as Exports & { readonly memory: Memory }
}
