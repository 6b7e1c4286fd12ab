/** Serves the page and the client's modules; any web server can. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'

const TYPES = { html: 'text/html', js: 'text/javascript' }
const client = new URL('.', import.meta.resolve('nanodet-server/client'))

const server = createServer(async ({ url }, response) => {
  const [, folder, file] = /^\/(client\/)?([a-z-]+\.(?:html|js))?(?:\?.*)?$/.exec(url) ?? [undefined, undefined, 'missing.html']
  const path = new URL(file ?? 'index.html', folder ? client : import.meta.url)
  const text = await readFile(path).catch(() => undefined)
  response.writeHead(text ? 200 : 404, { 'content-type': TYPES[path.pathname.split('.').at(-1)] }).end(text)
})
server.listen(Number(process.env.PORT ?? 3000), () => console.log(`listening at http://localhost:${server.address().port}`))
