import t from 'tap'
import { startApp } from '../../support/server.ts'

t.test('the pages are open to all, what they call is not, and a policy says what they may run', async t => {
  const { app } = await startApp(t, { API_KEYS: 'secret' }, { load: false })
  for (const url of ['/openapi.json', '/docs/json', '/docs', '/docs/static/swagger-ui-bundle.js', '/docs/static/swagger-initializer.js']) {
    t.equal((await app.inject(url)).statusCode, 200, url)
  }
  t.equal((await app.inject('/models')).statusCode, 401)
  const page = await app.inject('/docs')
  t.match(page.body, /swagger/i)
  for (const url of ['/docs', '/docs/']) {
    const links = [...(await app.inject(url)).body.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link!)
    t.ok(links.length > 3 && links.every(link => link.startsWith('./')), 'proxies may strip a prefix')
  }
  const policy = String(page.headers['content-security-policy'])
  t.match(policy, /default-src 'none'.*script-src 'self';/)
  t.notMatch(policy, /script-src[^;]*unsafe|upgrade-insecure-requests/)
  t.match((await app.inject('/openapi.json')).headers['content-security-policy'], /default-src 'none';frame-ancestors 'none'/)
})
