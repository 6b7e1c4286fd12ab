import t from 'tap'
import { confirmationUrl, directUrl, pageProblem } from '../../../cli/pull/drive.ts'

const PAGE = new URL('https://drive.usercontent.google.com/download?id=abc&export=download')
const FORM = `<html><head><title>Google Drive - Virus scan warning</title></head><body><form action="/search"></form>
<form id="download-form" action="https://drive.usercontent.google.com/download" method="get"><input type="submit" value="Download anyway"/>
<input type="hidden" name="id" value="abc"/><input value="t" name="confirm" type="hidden"><input name="uuid" value="one&amp;two"><input name="at">
</form></body></html>`

t.test('links to pages of Drive become download links', async t => {
  const direct = (url: string): string => directUrl(new URL(url)).href
  const link = 'https://drive.google.com/uc?export=download&id=1jY-Um_2'
  t.equal(direct('https://drive.google.com/file/d/1jY-Um_2/view?usp=sharing'), link)
  t.equal(direct('https://drive.google.com/open?id=1jY-Um_2'), link)
  t.equal(direct('https://docs.google.com/uc?id=1jY-Um_2&export=download'), link)
  t.equal(direct('https://drive.google.com/drive/folders/x'), 'https://drive.google.com/drive/folders/x')
  t.equal(direct('https://example.com/file/d/1jY-Um_2/view'), 'https://example.com/file/d/1jY-Um_2/view')
})

t.test('the form of a confirmation page is filled in', async t => {
  t.equal(confirmationUrl(FORM, PAGE)!.href, 'https://drive.usercontent.google.com/download?id=abc&confirm=t&uuid=one%26two&at=')
  t.equal(confirmationUrl(FORM.replace(/action="https[^"]*"/, 'action="/download"'), new URL('http://127.0.0.1:99/uc'))!.origin, 'http://127.0.0.1:99')
})

t.test('other forms are not filled in', async t => {
  const to = (action: string): string => FORM.replace(/action="https[^"]*"/, action)
  t.equal(confirmationUrl(FORM.replace('id="download-form"', 'id="sign-in"'), PAGE), undefined)
  t.equal(confirmationUrl(to('action="https://google.com.example.org/"'), PAGE), undefined, 'another host')
  t.equal(confirmationUrl(FORM, new URL('http://127.0.0.1/')), undefined, 'Google\'s host in a page that is not Google\'s')
  t.equal(confirmationUrl(to('action="http://["'), PAGE), undefined)
  t.equal(confirmationUrl(to(''), PAGE), undefined)
})

t.test('hostile pages cost little time', async t => {
  const start = performance.now()
  for (const part of ['<form ', '<form id="download-form">', '<title>', '<input ', '<', 'class="uc-error-caption">']) {
    const page = part.repeat(100_000 / part.length)
    confirmationUrl(page, PAGE)
    confirmationUrl(FORM.replace('</form>', `${page}</form>`), PAGE)
    pageProblem(page)
    pageProblem(`<title>${page}</title>`)
  }
  t.ok(performance.now() - start < 5000)
})

t.test('control characters do not reach the terminal', async t => {
  t.equal(pageProblem('<title>a\u001b]0;x\u0007\u009b2Jb</title>'), 'a web page instead of a checkpoint: a]0;x2Jb')
})

t.test('a page without a file is described', async t => {
  const quota = '<title>Google Drive - Quota exceeded</title><p class="uc-error-caption">Sorry</p><p class="uc-error-subcaption">Too many users …</p>'
  t.match(pageProblem(quota), /^Google Drive refuses it because of too many downloads/)
  t.equal(pageProblem('<title>x</title><p class="uc-error-caption">Sorry, <b>no</b>\n file &amp; no access.</p>'),
    'a web page instead of a checkpoint: Sorry, no file & no access.')
  t.equal(pageProblem('<title>Sign in</title>'), 'a web page instead of a checkpoint: Sign in')
  t.equal(pageProblem('<html>'), 'a web page instead of a checkpoint')
  t.ok(pageProblem(`<title>${'a'.repeat(1000)}</title>`).length < 250)
})
