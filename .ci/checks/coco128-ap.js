/** Holds the AP on 128 COCO photos against what upstream's PyTorch code reaches with the same weights. */
import { execFileSync } from 'node:child_process'

const LEAST = { AP: 0.347, AP50: 0.5 }
const args = ['dist/cli/eval.js', '--images', '../shared/coco128/images', '--annotations', '../shared/coco128/instances.json', '--json']
const summary = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }))
console.log(JSON.stringify(summary))
for (const [name, least] of Object.entries(LEAST)) {
  if (!(summary[name] >= least)) throw new Error(`${name} is ${summary[name]}, below ${least}`)
}
