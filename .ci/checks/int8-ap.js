/** Compares the AP of int8 on 128 COCO photos with that of fp32. */
import { execFileSync } from 'node:child_process'

const DATA = ['--images', '../shared/coco128/images', '--annotations', '../shared/coco128/instances.json']
const MAX_LOSS = 0.010

const apIn = precision => {
  const args = ['dist/bin/nanodet.js', 'eval', ...DATA, '--model', 'nanodet-m-416', '--precision', precision, '--json']
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })).AP
}

const [fp32, int8] = ['fp32', 'int8'].map(apIn)
console.log({ fp32, int8 })
if (!(int8 >= fp32 - MAX_LOSS)) throw new Error(`AP ${int8} in int8 is more than ${MAX_LOSS} below ${fp32}`)
